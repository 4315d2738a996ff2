// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The folders in which fetched models and tasks are kept, and a person's own data. */
public final class Home {

    private Home() {}

    /**
     * Returns the folder: the system property {@code lamella.home} if set, else the environment's {@code LAMELLA_HOME},
     * else {@code .cache/lamella} in the person's home folder. It need not exist.
     */
    public static Path path() {
        return path(System.getProperty("lamella.home", ""), System.getenv());
    }

    /**
     * Returns the folder with benchmark files of the person's own: the system property {@code lamella.data} if set, else the
     * environment's {@code LAMELLA_DATA}; nothing where neither is set. It need not exist.
     */
    public static Optional<Path> data() {
        return data(System.getProperty("lamella.data", ""), System.getenv());
    }

    /**
     * Returns the expression of a path for lines that make a result again: where it lies in {@link #path()} or {@link #data()}
     * from there on, so that the lines run on another machine and name nobody's folders.
     */
    public static String code(Path place) {
        return Code.of(place);
    }

    static Optional<Path> data(String property, Map<String, String> environment) {
        String named = property.isBlank() ? environment.getOrDefault("LAMELLA_DATA", "") : property;
        return named.isBlank()
                ? Optional.empty()
                : Optional.of(Path.of(named).toAbsolutePath().normalize());
    }

    static Path path(String property, Map<String, String> environment) {
        String named = property.isBlank() ? environment.getOrDefault("LAMELLA_HOME", "") : property;
        Path folder = named.isBlank() ? Path.of(System.getProperty("user.home"), ".cache", "lamella") : Path.of(named);
        return folder.toAbsolutePath().normalize();
    }
}
