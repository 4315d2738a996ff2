// SPDX-License-Identifier: Apache-2.0
package org.lamella.data.internal.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.lamella.base.Disk;

/**
 * The folder that Python's tools share: {@code datasets--nyu-mll--glue/{blobs,snapshots}}, blobs under their hashes,
 * one snapshot a commit whose entries are links to blobs, or copies where the disk has no links.
 */
public final class HubCache {

    private final Path root;
    private final boolean links;

    private HubCache(Path root, boolean links) {
        this.root = root;
        this.links = links;
    }

    /** Returns the cache of these settings; its folder need not exist. */
    public static HubCache of(HubSettings settings) {
        return new HubCache(settings.cache(), true);
    }

    HubCache withoutLinks() {
        return new HubCache(root, false);
    }

    /** Returns the folder of a commit: one that is there, under any of the repository's ids, else its own. */
    public Path snapshot(HubRepository repository) {
        return folder(repository).resolve("snapshots").resolve(repository.commit());
    }

    private Path folder(HubRepository repository) {
        List<Path> folders = repository.folders().stream().map(root::resolve).toList();
        return folders.stream()
                .filter(folder -> Files.isDirectory(folder.resolve("snapshots").resolve(repository.commit())))
                .findFirst()
                .orElse(folders.get(0));
    }

    /** Returns where a file lies when it is there with its size; its hash was checked when it came. */
    public Optional<Path> find(HubFile file) {
        return Optional.of(snapshot(file.repository()).resolve(file.name()))
                .filter(path -> Files.isRegularFile(path) && sizeFits(path, file.bytes()));
    }

    private static boolean sizeFits(Path path, OptionalLong bytes) {
        return bytes.isEmpty() || size(path) == bytes.getAsLong();
    }

    /** Returns the hash under which the bytes of a found file are kept; nothing where the disk has no links. */
    public static Optional<HubHash> pinned(Path found) {
        try {
            Path name = found.toRealPath().getFileName();
            return name == null ? Optional.empty() : HubHash.parse(name.toString());
        } catch (IOException e) {
            throw Disk.unreadable(found, e);
        }
    }

    Path blob(HubFile file, HubHash hash) {
        return folder(file.repository()).resolve("blobs").resolve(hash.hex());
    }

    Path partial(HubFile file, HubHash hash) {
        Path blob = blob(file, hash);
        return blob.resolveSibling(blob.getFileName() + ".incomplete");
    }

    Path lock(HubFile file, HubHash hash) {
        return root.resolve(".locks")
                .resolve(file.repository().folders().get(0))
                .resolve(hash.hex() + ".lamella.lock");
    }

    /** Makes the entry of the snapshot that stands for a blob, and returns it. */
    Path enter(HubFile file, Path blob) {
        Path entry = snapshot(file.repository()).resolve(file.name());
        Path folder = entry.getParent();
        if (folder == null) {
            throw new IllegalArgumentException("name must be a file's; got " + file);
        }
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(entry);
            if (!links || !linked(entry, folder.relativize(blob))) {
                copy(blob, entry);
            }
            return entry;
        } catch (IOException e) {
            throw Disk.unwritable(entry, e);
        }
    }

    private static boolean linked(Path entry, Path target) {
        try {
            Files.createSymbolicLink(entry, target);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false; // this disk, or this person on Windows, has no links: a copy serves as well
        }
    }

    private static void copy(Path blob, Path entry) throws IOException {
        Path aside = entry.resolveSibling(entry.getFileName() + ".copying");
        Files.copy(blob, aside, StandardCopyOption.REPLACE_EXISTING);
        Files.move(aside, entry, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw Disk.unreadable(path, e);
        }
    }
}
