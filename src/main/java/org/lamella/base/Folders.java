// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Replaces a folder whole or not at all: it is filled beside its place and moved there when it is complete. */
public final class Folders {

    private static final String README = "README.md";

    private Folders() {}

    /** Throws {@link IllegalArgumentException} when a folder holds anything but what is written there and a README.md. */
    public static void requireOnly(Path folder, Collection<String> ours) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<String> others;
        try (Stream<Path> inside = Files.list(folder)) {
            others = inside.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> !ours.contains(name) && !name.equals(README))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw Disk.unreadable(folder, e);
        }
        if (!others.isEmpty()) {
            throw new IllegalArgumentException(
                    "folder must be new, or hold only what is saved there, since it is replaced"
                            + " whole; got " + folder + ", which also holds "
                            + String.join(", ", others.subList(0, Math.min(3, others.size())))
                            + (others.size() > 3 ? " and " + (others.size() - 3) + " more" : ""));
        }
    }

    /**
     * Replaces a folder. A README.md that lies in it is kept.
     *
     * @param ours the names of what is written there: a folder that holds anything else is somebody's work and stays
     * @param fill writes everything into the empty folder it is given
     * @throws IllegalArgumentException when the folder holds something else; nothing is touched
     * @throws UncheckedIOException when the disk refuses; what was there before stays whole
     */
    public static void replace(Path folder, Collection<String> ours, Consumer<Path> fill) {
        Path target = folder.toAbsolutePath().normalize();
        Path parent = target.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("folder must have a parent; got " + folder);
        }
        if (Files.exists(target) && !Files.isDirectory(target)) {
            throw new IllegalArgumentException("folder must not be a file; got " + folder);
        }
        recover(target);
        requireOnly(folder, ours);
        try {
            Files.createDirectories(parent);
            // not a temporary directory, which nobody but its owner could read
            Path fresh =
                    Files.createDirectory(parent.resolve("." + target.getFileName() + ".new-" + UUID.randomUUID()));
            try {
                fill.accept(fresh);
                if (Files.isRegularFile(target.resolve(README))) {
                    Files.copy(target.resolve(README), fresh.resolve(README));
                }
                swap(fresh, target);
            } finally {
                delete(fresh);
            }
        } catch (UncheckedIOException e) {
            throw Disk.unwritable(folder, e); // a person knows the folder, not what is made beside it
        } catch (IOException e) {
            throw Disk.unwritable(folder, e);
        }
    }

    /** Puts a folder back that was being replaced when the machine or the JVM ended between the two moves. */
    public static void recover(Path folder) {
        Path target = folder.toAbsolutePath().normalize();
        if (target.getFileName() == null || Files.exists(target) || !Files.isDirectory(aside(target))) {
            return;
        }
        try {
            move(aside(target), target);
        } catch (IOException e) {
            throw Disk.unreadable(folder, e);
        }
    }

    private static Path aside(Path target) {
        return target.resolveSibling("." + target.getFileName() + ".old");
    }

    private static void swap(Path fresh, Path target) throws IOException {
        Path old = aside(target);
        delete(old);
        boolean replaced = Files.exists(target);
        if (replaced) {
            move(target, old);
        }
        try {
            move(fresh, target);
        } catch (IOException e) {
            if (replaced) {
                move(old, target);
            }
            throw e;
        }
        try {
            delete(old);
        } catch (IOException e) {
            // the new folder is in its place and whole; what is left of the old one goes with the next replacement
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> inside;
        try (Stream<Path> walk = Files.walk(folder)) {
            inside = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : inside) {
            Files.deleteIfExists(path);
        }
    }
}
