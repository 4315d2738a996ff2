// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.lamella.base.picture.Picture;

/** Hashes of files and of examples. */
final class Fingerprint {

    private Fingerprint() {}

    static String ofBytes(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    /** Each text, and each picture's name, ends with byte 0; then the label's name or the target; then byte 10. The first 16 hex digits. */
    static String ofExamples(List<Example> examples, List<String> labels) {
        MessageDigest digest = sha256();
        for (Example example : examples) {
            for (String text : example.texts()) {
                update(digest, text);
            }
            for (Picture picture : example.pictures()) {
                update(digest, picture.name());
            }
            String truth = example.label() >= 0 ? labels.get(example.label()) : String.valueOf(example.target());
            digest.update(truth.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) '\n');
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    }

    private static void update(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java must know SHA-256; got " + Runtime.version(), e);
        }
    }
}
