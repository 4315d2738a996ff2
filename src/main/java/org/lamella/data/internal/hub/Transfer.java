// SPDX-License-Identifier: Apache-2.0
package org.lamella.data.internal.hub;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamella.base.Disk;
import org.lamella.base.Progress;

/** Brings a partial file to its full size, going on where it ends, however often the connection is cut. */
final class Transfer {

    private static final Pattern RANGE = Pattern.compile("bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\\*)");

    private final HubClient client;
    private final HubFile file;
    private final long bytes;
    private final Path partial;
    private final Patience patience;

    Transfer(HubClient client, HubFile file, long bytes, Path partial, Patience patience) {
        this.client = client;
        this.file = file;
        this.bytes = bytes;
        this.partial = partial;
        this.patience = patience;
    }

    /** Returns when the partial file has its size; bytes that came give the next tries their full number again. */
    void run(Progress progress) throws IOException, InterruptedException {
        int attempt = 1;
        for (long had = there(); had != bytes || !Files.exists(partial); had = there()) {
            if (had > bytes) {
                discard();
                had = 0;
            }
            try {
                once(had, progress);
            } catch (IOException e) {
                attempt = there() > had ? 1 : attempt;
                patience.waitOrGiveUp(e, attempt++);
            }
        }
    }

    private long there() {
        return Files.exists(partial) ? HubCache.size(partial) : 0;
    }

    private void discard() {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            throw Disk.unwritable(partial, e);
        }
    }

    private void once(long had, Progress progress) throws IOException, InterruptedException {
        HttpResponse<Arriving> answer = client.bytes(file, had);
        try (Arriving bytes = answer.body()) {
            write(bytes, start(answer, had), progress);
        }
    }

    /** Returns the place in the file of the first byte of an answer. */
    private long start(HttpResponse<?> answer, long had) throws IOException {
        if (answer.statusCode() == 416) {
            discard();
            throw Refusal.passing("the hub has nothing from byte " + had + " on", Duration.ZERO);
        }
        if (answer.statusCode() == 200) {
            requireSize(
                    HubClient.number(HubClient.header(answer, "Content-Length")).orElse(bytes));
            return 0;
        }
        String range = HubClient.header(answer, "Content-Range").orElse("none");
        Matcher parts = RANGE.matcher(range);
        if (!parts.matches() || Long.parseLong(parts.group(1)) != had) {
            throw Refusal.lasting("the hub must answer from byte " + had + " on; got the range " + range);
        }
        requireSize(HubClient.number(Optional.of(parts.group(2))).orElse(bytes));
        return had;
    }

    private void requireSize(long told) throws IOException {
        if (told != bytes) {
            discard();
            throw Refusal.lasting("size must be " + bytes + " bytes, as the hub said before; now it says " + told);
        }
    }

    private void write(Arriving arriving, long start, Progress progress) throws IOException, InterruptedException {
        long done = start;
        try (FileChannel out = open(start)) {
            for (Optional<List<ByteBuffer>> piece = arriving.next(patience.silence());
                    piece.isPresent();
                    piece = arriving.next(patience.silence())) {
                for (ByteBuffer block : piece.get()) {
                    done += block.remaining();
                    append(out, block);
                }
                if (done > bytes) {
                    discard();
                    throw Refusal.lasting("size must be " + bytes + " bytes, as the hub said before; more came");
                }
                if (!progress.step(done / 1000)) {
                    throw new InterruptedException("the person stopped it");
                }
            }
        }
        if (done < bytes) {
            throw Refusal.passing("the connection was cut at byte " + done + " of " + bytes, Duration.ZERO);
        }
    }

    private FileChannel open(long start) {
        try {
            return FileChannel.open(
                    partial,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    start == 0 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw Disk.unwritable(partial, e);
        }
    }

    private void append(FileChannel out, ByteBuffer block) throws InterruptedException {
        try {
            while (block.hasRemaining()) {
                out.write(block);
            }
        } catch (ClosedByInterruptException e) {
            throw new InterruptedException("the person stopped it");
        } catch (IOException e) {
            throw Disk.unwritable(partial, e);
        }
    }
}
