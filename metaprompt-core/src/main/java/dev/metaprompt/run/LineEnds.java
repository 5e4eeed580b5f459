package dev.metaprompt.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Finds line ends in a file of any size without holding it in memory. */
final class LineEnds {
    private static final int BLOCK = 1 << 16;

    private LineEnds() {}

    /** Returns the number of bytes up to and with the last line end; 0 if there is none. */
    static long endOfLastLine(FileChannel channel) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        for (long end = channel.size(); end > 0; end -= Math.min(end, BLOCK)) {
            long begin = Math.max(0, end - BLOCK);
            int length = fill(channel, block, begin, (int) (end - begin));
            for (int i = length - 1; i >= 0; i--) {
                if (block.get(i) == '\n') {
                    return begin + i + 1;
                }
            }
        }
        return 0;
    }

    /** Returns the number of bytes of the first {@code lines} whole lines; −1 if there are fewer. */
    static long endOfLine(FileChannel channel, long lines) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        long left = lines;
        for (long begin = 0; left > 0 && begin < channel.size(); begin += BLOCK) {
            int length = fill(channel, block, begin, BLOCK);
            for (int i = 0; i < length; i++) {
                if (block.get(i) == '\n' && --left == 0) {
                    return begin + i + 1;
                }
            }
        }
        return left == 0 ? 0 : -1;
    }

    private static int fill(FileChannel channel, ByteBuffer block, long position, int length) throws IOException {
        block.clear().limit(length);
        while (block.hasRemaining() && channel.read(block, position + block.position()) >= 0) {
            // reads until the block is full or the file ends
        }
        return block.position();
    }
}
