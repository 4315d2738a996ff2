// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.picture;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Reads entries of zips. A few zips stay open, since listing one anew for each of its pictures takes longer than all else. */
final class Zips {

    private static final int OPEN = 4;
    private static final long MOST_BYTES = 1L << 28;

    private static final Map<String, ZipFile> SHELF = new LinkedHashMap<>(16, 0.75f, true);

    private Zips() {}

    static synchronized byte[] bytes(Path zip, String entry) throws IOException {
        ZipFile file = open(zip);
        ZipEntry found = file.getEntry(entry);
        if (found == null) {
            throw new FileNotFoundException("there is no entry " + entry + " in " + zip);
        }
        if (found.getSize() > MOST_BYTES) {
            throw new ZipException("an entry must have at most " + MOST_BYTES + " bytes; got " + found.getSize());
        }
        try (InputStream in = file.getInputStream(found)) {
            return in.readNBytes((int) MOST_BYTES);
        }
    }

    // a zip that was written anew is another one
    private static ZipFile open(Path zip) throws IOException {
        String key = zip.toAbsolutePath() + " " + Files.size(zip) + " " + Files.getLastModifiedTime(zip);
        ZipFile shelved = SHELF.get(key);
        if (shelved != null) {
            return shelved;
        }
        ZipFile opened = new ZipFile(zip.toFile());
        SHELF.put(key, opened);
        if (SHELF.size() > OPEN) {
            String oldest = SHELF.keySet().iterator().next();
            ZipFile left = SHELF.remove(oldest);
            if (left != null) {
                left.close();
            }
        }
        return opened;
    }
}
