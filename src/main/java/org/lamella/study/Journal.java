// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.lamella.base.Disk;
import org.lamella.data.Split;

/**
 * The finished runs of a study, in memory or in a file of one JSON object a line that only grows: a head, then a line a run,
 * each on the disk before the next run begins.
 *
 * <p>A line counts once its line break is there. What follows the last one is of a run whose writing was cut off: it is left
 * out, said so, and overwritten by the next run. One study at a time writes a journal.
 */
final class Journal implements AutoCloseable {

    private final Map<String, Outcome> finished = new LinkedHashMap<>();
    private final Optional<RandomAccessFile> file;
    private final String name;
    private String note = "";

    private Journal(Optional<RandomAccessFile> file, String name) {
        this.file = file;
        this.name = name;
    }

    /** Returns a journal that forgets. */
    static Journal inMemory() {
        return new Journal(Optional.empty(), "");
    }

    /** Opens the journal of a file, which is made when there is none. */
    static Journal open(Path path, Split measured) {
        Path whole = path.toAbsolutePath().normalize();
        String name = String.valueOf(whole.getFileName());
        try {
            Path parent = whole.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            RandomAccessFile file = new RandomAccessFile(whole.toFile(), "rw");
            Journal journal = new Journal(Optional.of(file), name);
            try {
                journal.begin(file, measured);
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
            return journal;
        } catch (IOException e) {
            throw Disk.unwritable(path, e);
        }
    }

    private void begin(RandomAccessFile opened, Split measured) throws IOException {
        lock(opened);
        byte[] bytes = new byte[Math.toIntExact(opened.length())];
        opened.readFully(bytes);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        int number = 0;
        for (String line : new String(bytes, 0, end, StandardCharsets.UTF_8).split("\n", 0)) {
            number++;
            if (number == 1 && end > 0) {
                JournalLines.requireHead(name, line, measured);
            } else if (end > 0) {
                JournalLines.read(name, number, line, finished);
            }
        }
        if (end < bytes.length) {
            note = "[" + name + "] line " + (end == 0 ? 1 : number + 1) + " breaks off and was left out: its run was"
                    + " cut off while it was written";
            opened.setLength(end);
        }
        opened.seek(end);
        if (end == 0) {
            append(JournalLines.head(measured));
        }
    }

    private void lock(RandomAccessFile opened) throws IOException {
        FileLock lock;
        try {
            lock = opened.getChannel().tryLock();
        } catch (OverlappingFileLockException e) {
            throw new IllegalStateException(taken(), e);
        }
        if (lock == null) {
            throw new IllegalStateException(taken());
        }
    }

    private String taken() {
        return "[" + name + "] journal must be written by one study at a time; got a second one";
    }

    /** Returns what came of a run, if it is finished. */
    Optional<Outcome> outcome(String key) {
        return Optional.ofNullable(finished.get(key));
    }

    /** Returns how many runs are finished. */
    int size() {
        return finished.size();
    }

    /** Returns what was odd about the file; empty when nothing was. */
    String note() {
        return note;
    }

    /** Adds a finished run; when this returns it is on the disk. */
    void add(String key, Cell cell, long seed, Outcome outcome) {
        finished.put(key, outcome);
        try {
            append(JournalLines.of(key, cell, seed, outcome));
        } catch (IOException e) {
            throw Disk.unwritable(name, e);
        }
    }

    // no channel: an interrupt would close it
    private void append(String line) throws IOException {
        if (file.isPresent()) {
            file.get().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            file.get().getFD().sync();
        }
    }

    @Override
    public void close() {
        try {
            if (file.isPresent()) {
                file.get().close();
            }
        } catch (IOException e) {
            throw Disk.unwritable(name, e);
        }
    }
}
