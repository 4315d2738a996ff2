// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.nio.file.Path;
import java.util.Map;

/** The folder in which fetched models and tasks are kept. */
public final class Home {

    private Home() {}

    /**
     * Returns the folder: the system property {@code lamella.home} if set, else the environment's {@code LAMELLA_HOME},
     * else {@code .cache/lamella} in the person's home folder. It need not exist.
     */
    public static Path path() {
        return path(System.getProperty("lamella.home", ""), System.getenv());
    }

    static Path path(String property, Map<String, String> environment) {
        String named = property.isBlank() ? environment.getOrDefault("LAMELLA_HOME", "") : property;
        Path folder = named.isBlank() ? Path.of(System.getProperty("user.home"), ".cache", "lamella") : Path.of(named);
        return folder.toAbsolutePath().normalize();
    }
}
