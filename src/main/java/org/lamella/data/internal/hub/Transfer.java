// SPDX-License-Identifier: Apache-2.0
package org.lamella.data.internal.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamella.base.Disk;
import org.lamella.base.Progress;

/** Brings a partial file to its full size, going on where it ends, however often the connection is cut. */
final class Transfer {

    private static final int BLOCK = 1 << 17;
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
        HttpResponse<InputStream> answer = client.bytes(file, had);
        try (InputStream in = answer.body();
                StallWatch watch = StallWatch.over(in, patience.silence())) {
            long start = start(answer, had);
            try {
                write(in, start, watch, progress);
            } catch (IOException e) {
                throw watch.stalled()
                        ? Refusal.passing(
                                "nothing came for " + patience.silence().toSeconds() + " s", Duration.ZERO)
                        : e;
            }
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

    private void write(InputStream in, long start, StallWatch watch, Progress progress)
            throws IOException, InterruptedException {
        long done = start;
        byte[] block = new byte[BLOCK];
        try (OutputStream out = open(start)) {
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                watch.sign();
                done += n;
                if (done > bytes) {
                    discard();
                    throw Refusal.lasting("size must be " + bytes + " bytes, as the hub said before; more came");
                }
                append(out, block, n);
                if (!progress.step(done / 1000)) {
                    throw new InterruptedException("the person stopped it");
                }
            }
        }
        if (done < bytes) {
            throw Refusal.passing("the connection was cut at byte " + done + " of " + bytes, Duration.ZERO);
        }
    }

    private OutputStream open(long start) {
        try {
            return Files.newOutputStream(
                    partial,
                    StandardOpenOption.CREATE,
                    start == 0 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw Disk.unwritable(partial, e);
        }
    }

    private void append(OutputStream out, byte[] block, int n) {
        try {
            out.write(block, 0, n);
        } catch (IOException e) {
            throw Disk.unwritable(partial, e);
        }
    }
}
