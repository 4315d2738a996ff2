// SPDX-License-Identifier: Apache-2.0
package org.lamella.data.internal.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.lamella.base.Disk;

/**
 * A hash as the hub gives it: SHA-256 of the bytes of a large file, or git's own hash of a small one.
 *
 * @param hex 64 lower-case hexadecimal digits for SHA-256, 40 for git's hash (SHA-1 over a header and the bytes)
 */
public record HubHash(String hex) {

    private static final int BLOCK = 1 << 20;

    /** Checks the digits. */
    public HubHash {
        if (!hex.matches("[0-9a-f]{40}|[0-9a-f]{64}")) {
            throw new IllegalArgumentException("hash must have 40 or 64 hexadecimal digits; got \"" + hex + "\"");
        }
    }

    /** Returns the hash that an entity tag or the name of a blob holds, or nothing when it is something else. */
    public static Optional<HubHash> parse(String text) {
        String plain = text.strip().replaceFirst("^W/", "").replace("\"", "").toLowerCase(Locale.ROOT);
        return plain.matches("[0-9a-f]{40}|[0-9a-f]{64}") ? Optional.of(new HubHash(plain)) : Optional.empty();
    }

    /** Returns {@code sha256} or {@code git hash}. */
    public String kind() {
        return isSha256() ? "sha256" : "git hash";
    }

    boolean isSha256() {
        return hex.length() == 64;
    }

    /** Returns the hash of the same kind of a file; reads all of it. */
    public HubHash of(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance(isSha256() ? "SHA-256" : "SHA-1");
            if (!isSha256()) {
                digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.UTF_8));
            }
            byte[] block = new byte[BLOCK];
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                digest.update(block, 0, n);
            }
            return new HubHash(HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            throw Disk.unreadable(file, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java must know SHA-256 and SHA-1; got " + Runtime.version(), e);
        }
    }

    /** Returns whether the bytes of a file have this hash; reads all of it. */
    public boolean fits(Path file) {
        return of(file).equals(this);
    }
}
