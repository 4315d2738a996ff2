// SPDX-License-Identifier: Apache-2.0
package org.lamella.data.internal.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;
import org.lamella.base.Progress;

/**
 * Gets a file of the hub: from the cache, or over the network into the cache.
 *
 * <p>Bytes are written to a partial file, which the next try goes on with, also in another process and after a stop. It
 * becomes a blob only when size and hash are what the card or the hub said; wrong bytes are thrown away.
 */
public final class HubDownload {

    private static final Object ONE_AT_A_TIME = new Object();

    private final HubSettings settings;
    private final HubCache cache;
    private final Patience patience;

    private HubDownload(HubSettings settings, HubCache cache, Patience patience) {
        this.settings = settings;
        this.cache = cache;
        this.patience = patience;
    }

    /** Returns the download with these settings. */
    public static HubDownload of(HubSettings settings) {
        return new HubDownload(settings, HubCache.of(settings), Patience.STANDARD);
    }

    static HubDownload of(HubSettings settings, HubCache cache, Patience patience) {
        return new HubDownload(settings, cache, patience);
    }

    /**
     * Returns where the file lies in the cache, after downloading it when it is not there.
     *
     * @throws IllegalStateException when it is not there and the hub must not be asked, or the person stopped it
     * @throws UncheckedIOException when the hub cannot be reached or refuses; the message says what to do
     * @throws FormatException when the bytes are not what they must be; nothing of them is kept
     */
    public Path fetch(HubFile file) {
        Optional<Path> found = cache.find(file);
        if (found.isPresent()) {
            return found.get();
        }
        if (settings.offline()) {
            throw new IllegalStateException("[" + file + "] must be in the cache " + settings.cache()
                    + " while HF_HUB_OFFLINE is set; got none of commit "
                    + file.repository().commit());
        }
        HubClient client = new HubClient(settings, patience);
        try {
            HubClient.Description told = describe(client, file);
            synchronized (ONE_AT_A_TIME) {
                return locked(client, file, told);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(
                    "[" + file + "] was stopped before it was whole; run it again to go on from there", e);
        } catch (IOException e) {
            throw new UncheckedIOException("[" + file + "] cannot be fetched: " + why(e), e);
        }
    }

    private HubClient.Description describe(HubClient client, HubFile file) throws IOException, InterruptedException {
        int attempt = 1;
        while (true) {
            try {
                return client.describe(file);
            } catch (ConnectException | HttpTimeoutException | SSLException e) {
                throw e; // nobody is there: say so at once
            } catch (IOException e) {
                patience.waitOrGiveUp(e, attempt++);
            }
        }
    }

    private Path locked(HubClient client, HubFile file, HubClient.Description told)
            throws IOException, InterruptedException {
        Path blob = cache.blob(file, told.hash());
        try (FileChannel channel = open(cache.lock(file, told.hash()));
                var held = channel.lock()) {
            boolean there =
                    held.isValid() && Files.isRegularFile(blob) && told.hash().fits(blob);
            if (!there) {
                createFolder(blob);
                download(client, file, told);
            }
            return cache.enter(file, blob);
        }
    }

    private static FileChannel open(Path lock) {
        createFolder(lock);
        try {
            return FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw Disk.unwritable(lock, e);
        }
    }

    private static void createFolder(Path file) {
        try {
            Files.createDirectories(file.resolveSibling(""));
        } catch (IOException e) {
            throw Disk.unwritable(file, e);
        }
    }

    private void download(HubClient client, HubFile file, HubClient.Description told)
            throws IOException, InterruptedException {
        Path partial = cache.partial(file, told.hash());
        boolean resumed = Files.exists(partial);
        Transfer transfer = new Transfer(client, file, told.bytes(), partial, patience);
        String work = "fetching " + file.name() + " of " + file.repository().id();
        try (Progress progress = Progress.start(work, told.bytes() / 1000, "kB")) {
            transfer.run(progress);
            if (resumed && !told.hash().fits(partial)) { // what an earlier download had left was not its beginning
                Files.delete(partial);
                transfer.run(progress);
            }
        }
        keep(file, told, partial);
    }

    private void keep(HubFile file, HubClient.Description told, Path partial) {
        HubHash card = file.sha256().map(HubHash::new).orElse(told.hash());
        try {
            requireHash(file, told.hash(), partial);
            requireHash(file, card, partial);
            Files.move(
                    partial,
                    cache.blob(file, told.hash()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Disk.unwritable(cache.blob(file, told.hash()), e);
        }
    }

    private static void requireHash(HubFile file, HubHash expected, Path partial) throws IOException {
        HubHash found = expected.of(partial);
        if (!found.equals(expected)) {
            Files.delete(partial);
            throw new FormatException(
                    file.toString(),
                    expected.kind() + " must be " + expected.hex() + "; got " + found.hex() + "; nothing was kept");
        }
    }

    private String why(IOException e) {
        String host = settings.endpoint().getHost();
        if (e instanceof ConnectException) {
            return host + " cannot be reached; check the network, HTTPS_PROXY and HF_ENDPOINT";
        }
        if (e instanceof HttpTimeoutException) {
            return String.format(
                    Locale.ROOT,
                    "%s did not answer within %,d s",
                    host,
                    patience.silence().toSeconds());
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
