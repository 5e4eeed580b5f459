package dev.metaprompt.train;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;

/** What this process holds of glibc's allocator, which the engine's arrays come from. */
final class NativeHeap {
    private static final Glibc GLIBC = Native.load("c", Glibc.class);

    private NativeHeap() {}

    /** Allocated and not freed, over all arenas and mappings of the allocator; free chunks don't count. */
    static long allocatedKb() {
        Usage usage = GLIBC.mallinfo2();
        return (usage.uordblks.longValue() + usage.hblkhd.longValue()) / 1024;
    }

    /** Public, as JNA asks of what it implements. */
    public interface Glibc extends Library {
        /** Since glibc 2.33. */
        Usage mallinfo2();
    }

    /** The names and their order are glibc's. */
    @FieldOrder({
        "arena",
        "ordblks",
        "smblks",
        "hblks",
        "hblkhd",
        "usmblks",
        "fsmblks",
        "uordblks",
        "fordblks",
        "keepcost"
    })
    public static final class Usage extends Structure implements Structure.ByValue {
        public NativeLong arena;
        public NativeLong ordblks;
        public NativeLong smblks;
        public NativeLong hblks;
        /** Bytes in mappings of their own. */
        public NativeLong hblkhd;

        public NativeLong usmblks;
        public NativeLong fsmblks;
        /** Bytes allocated within arenas. */
        public NativeLong uordblks;

        public NativeLong fordblks;
        public NativeLong keepcost;
    }
}
