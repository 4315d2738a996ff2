// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;
import org.lamella.data.internal.hub.HubCache;
import org.lamella.data.internal.hub.HubDownload;
import org.lamella.data.internal.hub.HubFile;
import org.lamella.data.internal.hub.HubRepository;
import org.lamella.data.internal.hub.HubSettings;

/** Where the files of a card lie on this machine, and how those that only the hub has come there. */
final class Stock {

    private static final Set<String> VERIFIED = ConcurrentHashMap.newKeySet();

    private final Card card;
    private final Path home;

    Stock(Card card) {
        this.card = card;
        this.home = Home.path().resolve(card.section()).resolve(card.name());
    }

    private boolean packed() {
        return !card.packageName().isEmpty();
    }

    private String conversion() {
        return card.fact("conversion");
    }

    private void requireReachable() {
        String elsewhere = card.fact("elsewhere");
        if (!elsewhere.isEmpty()) {
            throw new IllegalStateException(card.name()
                    + " must be read from a folder of yours, since no package and no hub has it in this form: $LAMELLA_DATA/"
                    + card.name() + ", or Task.load(\"" + card.name() + "\", folder); its files: " + elsewhere);
        }
    }

    Path folder() {
        boolean atHome = card.hubRevision().isEmpty()
                || !conversion().isEmpty()
                || card.files().stream().anyMatch(entry -> Files.isRegularFile(home.resolve(entry.name())));
        if (atHome) {
            return home;
        }
        Path cached = HubCache.of(HubSettings.standard()).snapshot(repository());
        return !packed() || wholeIn(cached) ? cached : home;
    }

    boolean whole() {
        return wholeIn(folder());
    }

    private boolean wholeIn(Path folder) {
        return card.files().stream().allMatch(entry -> {
            Path path = folder.resolve(entry.name());
            return Files.isRegularFile(path) && sizeFits(entry, path);
        });
    }

    private static boolean sizeFits(Card.Entry entry, Path path) {
        return entry.bytes().orElse(size(path)) == size(path);
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw Disk.unreadable(path, e);
        }
    }

    Path fetch() {
        requireReachable();
        if (card.hubRevision().isEmpty()) {
            throw new IllegalStateException(card.name() + " must have a hub source to be fetched from Java; run"
                    + " environment/start --fetch " + card.name());
        }
        if (!whole()) {
            requireNoConversion();
            HubDownload download = HubDownload.of(HubSettings.standard());
            card.files().forEach(entry -> download.fetch(onHub(entry)));
        }
        return folder();
    }

    Path path(Card.Entry entry) {
        requireReachable();
        Path path = folder().resolve(entry.name());
        boolean there = Files.isRegularFile(path);
        if (!there) {
            requireNoConversion();
        }
        if (!packed() && conversion().isEmpty()) {
            return HubDownload.of(HubSettings.standard()).fetch(onHub(entry));
        }
        if (!there) {
            throw new IllegalStateException(
                    card.name() + " is not fetched yet; run environment/start --fetch " + card.name());
        }
        if (!sizeFits(entry, path)) {
            throw new FormatException(
                    path.toString(),
                    "size must be " + entry.bytes().orElse(0) + " bytes; got " + size(path) + "; " + again());
        }
        requireHash(entry, path);
        return path;
    }

    // once for a file as it is now: a tenth of a second for a hundred megabytes; texts are hashed when they are read
    private void requireHash(Card.Entry entry, Path path) {
        String wanted = card.section().equals("models") ? entry.sha256().orElse("") : "";
        if (wanted.isEmpty() || VERIFIED.contains(stamp(path))) {
            return;
        }
        String got = Disk.sha256(path);
        if (!got.equals(wanted)) {
            throw new FormatException(path.toString(), "sha256 must be " + wanted + "; got " + got + "; " + again());
        }
        VERIFIED.add(stamp(path));
    }

    private static String stamp(Path path) {
        try {
            return path.toAbsolutePath() + " " + Files.size(path) + " " + Files.getLastModifiedTime(path);
        } catch (IOException e) {
            throw Disk.unreadable(path, e);
        }
    }

    /** Returns what a person does about a fetched file that is not what it must be. */
    String again() {
        return packed()
                ? "run environment/start --fetch " + card.name() + " again"
                : "delete it, and it is fetched again";
    }

    private void requireNoConversion() {
        if (!conversion().isEmpty()) {
            throw new IllegalStateException(card.name() + " must be converted once, since the hub has it in another"
                    + " form; where Python has transformers, sentencepiece and torch, run: "
                    + conversion().replace("{folder}", home.toString()));
        }
    }

    private HubFile onHub(Card.Entry entry) {
        return new HubFile(repository(), entry.name(), entry.bytes(), entry.sha256());
    }

    private HubRepository repository() {
        String others = card.fact("hub also");
        return new HubRepository(
                card.section().equals("models") ? "models" : "datasets",
                card.fact("hub id"),
                card.fact("hub revision"),
                others.isEmpty() ? List.of() : List.of(others.split(" ")));
    }
}
