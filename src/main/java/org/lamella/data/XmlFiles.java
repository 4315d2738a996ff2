// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;

/** Finds the XML files of a folder, or of a folder inside a zip archive, at any depth, by their names in order. */
final class XmlFiles {

    private static final String ENDING = ".xml";

    private XmlFiles() {}

    /**
     * Returns their texts.
     *
     * @param path a folder, or a file ending in {@code .zip}
     * @param within the folder inside an archive; empty for all of it
     */
    static Map<String, String> of(Path path, String within) {
        Map<String, String> files = Files.isDirectory(path) ? folder(path) : archive(path, within);
        if (files.isEmpty()) {
            throw new FormatException(
                    path.toString(),
                    "place must hold XML files" + (within.isEmpty() ? "" : " in " + within) + "; got none");
        }
        return files;
    }

    private static Map<String, String> folder(Path folder) {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) all.filter(XmlFiles::isXml)::iterator) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                files.put(name, DataFile.text(name, DataFile.bytes(file)));
            }
        } catch (IOException e) {
            throw Disk.unreadable(folder, e);
        }
        return files;
    }

    private static boolean isXml(Path path) {
        return path.toString().endsWith(ENDING) && Files.isRegularFile(path);
    }

    private static Map<String, String> archive(Path path, String within) {
        Map<String, String> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(DataFile.bytes(path)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName();
                if (name.endsWith(ENDING) && (within.isEmpty() || name.startsWith(within + "/"))) {
                    files.put(name, DataFile.text(name, zip.readAllBytes()));
                }
            }
        } catch (IOException e) {
            throw new FormatException(path.toString(), "file must be a zip archive; " + Fields.reason(e), e);
        }
        return files;
    }
}
