package dev.metaprompt.fetch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Limits what a tar reader may read between the contents of two entries. Long names and extended headers are kept in
 * memory whole, so without a limit a small archive could ask for all of it.
 */
final class HeaderGuard extends FilterInputStream {
    private static final long MOST = 1 << 20;
    private long left = MOST;

    HeaderGuard(InputStream in) {
        super(in);
    }

    /** An entry's content follows, of any length. */
    void content() {
        left = Long.MAX_VALUE;
    }

    /** Headers follow. */
    void header() {
        left = MOST;
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        count(b < 0 ? 0 : 1);
        return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = super.read(buffer, offset, length);
        count(n);
        return n;
    }

    @Override
    public long skip(long bytes) throws IOException {
        long n = super.skip(bytes);
        count(n);
        return n;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(long bytes) throws IOException {
        left -= Math.max(bytes, 0);
        if (left < 0) {
            throw new IOException("a header of more than " + Words.bytes(MOST));
        }
    }
}
