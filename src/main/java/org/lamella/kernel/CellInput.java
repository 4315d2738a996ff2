// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import io.github.spencerpark.jupyter.messages.MessageContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** {@code System.in}: each read beyond what was typed asks the person for another line. */
final class CellInput extends InputStream {

    private final Connection connection;
    private final CellOutput output;
    private volatile @Nullable MessageContext asker;
    private byte[] line = new byte[0];
    private int at;

    CellInput(Connection connection, CellOutput output) {
        this.connection = connection;
        this.output = output;
    }

    /**
     * Says for which cell input is asked.
     *
     * @param cell the request that runs; null when its front end cannot ask
     */
    void use(@Nullable MessageContext cell) {
        asker = cell;
    }

    @Override
    public synchronized int read() throws IOException {
        fill();
        return line[at++] & 0xff;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        fill();
        int count = Math.min(length, line.length - at);
        System.arraycopy(line, at, target, offset, count);
        at += count;
        return count;
    }

    @Override
    public synchronized int available() {
        return line.length - at;
    }

    private void fill() throws IOException {
        if (at < line.length) {
            return;
        }
        MessageContext cell = asker;
        if (cell == null) {
            throw new IOException("input is not possible here: the front end that runs this cell does not take any");
        }
        output.flush();
        try {
            line = (connection.ask(cell, "") + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
            at = 0;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Cell interrupted");
        }
    }
}
