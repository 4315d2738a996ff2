// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.lamella.base.Disk;
import org.lamella.model.Transformer;

/** The hashes by which finished runs are known again, the first 16 hexadecimal digits of a SHA-256 each. */
final class Fingerprints {

    private Fingerprints() {}

    /** Returns the hash of a run: recipe, training with its seed, model, examples and the order of their labels. */
    static String of(String model, Experiment experiment) {
        MessageDigest digest = sha256();
        for (String part : List.of(
                model,
                experiment.recipe().toString(),
                experiment.training().toString(),
                experiment.train().hash(),
                experiment.measured().hash(),
                String.join("\u0001", experiment.measured().task().labels()))) {
            digest.update(part.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        return digits(digest);
    }

    /** Returns the hash of a model: its settings, weights and tokenizer, and where it cuts texts. Reads all its files. */
    static String of(Transformer model) {
        MessageDigest digest = sha256();
        for (Path file : files(model.folder())) {
            digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
            update(digest, file);
        }
        digest.update(String.valueOf(model.base().maxTokens()).getBytes(StandardCharsets.UTF_8));
        return digits(digest);
    }

    private static List<Path> files(Path folder) {
        if (Files.isRegularFile(folder)) { // all of it in one
            return List.of(folder);
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".safetensors")
                            || file.endsWith("config.json")
                            || file.endsWith("tokenizer.json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw Disk.unreadable(folder, e);
        }
    }

    private static void update(MessageDigest digest, Path file) {
        byte[] buffer = new byte[1 << 20];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        } catch (IOException e) {
            throw Disk.unreadable(file, e);
        }
    }

    private static String digits(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java must know SHA-256; got " + Runtime.version(), e);
        }
    }
}
