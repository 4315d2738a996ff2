// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Makes one sentence of what a disk refuses: the place, then why, as a person says it. */
public final class Disk {

    private Disk() {}

    /** Returns the SHA-256 of a file in lower-case hexadecimal digits; about a second for a gigabyte. */
    public static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 20];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256; got one without", e);
        }
    }

    /** Returns the exception {@code [place] cannot be written: why}. */
    public static UncheckedIOException unwritable(Object place, IOException cause) {
        return new UncheckedIOException("[" + place + "] cannot be written: " + why(cause), cause);
    }

    /** Returns the same with the reason of an exception that named another place, for instance a temporary one. */
    public static UncheckedIOException unwritable(Object place, UncheckedIOException failed) {
        IOException cause = failed.getCause();
        return unwritable(place, cause == null ? new IOException(failed) : cause);
    }

    /** Returns the exception {@code [place] cannot be read: why}. */
    public static UncheckedIOException unreadable(Object place, IOException cause) {
        return new UncheckedIOException("[" + place + "] cannot be read: " + why(cause), cause);
    }

    // Java says of some only the file, of an interrupt nothing at all
    private static String why(IOException cause) {
        if (cause instanceof ClosedByInterruptException) {
            return "the thread was interrupted";
        }
        if (cause instanceof NoSuchFileException gone) {
            return "there is no " + gone.getFile();
        }
        if (cause instanceof FileAlreadyExistsException taken) {
            return taken.getFile() + " is in the way";
        }
        if (cause instanceof AccessDeniedException denied) {
            return "access to " + denied.getFile() + " is denied";
        }
        if (cause instanceof FileSystemException failed && failed.getReason() != null) {
            return failed.getReason();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
