// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.awt.Font;
import java.util.Optional;

/**
 * Java's fonts, started once.
 *
 * <p>On Linux Java writes a list of the fonts it found to {@code .java/fonts} in the home folder and has no option for
 * another place. Where {@code XDG_CACHE_HOME} names a folder for such lists, as our kernelspec does, that is the home
 * folder while the fonts start, and the real home stays as it was.
 */
final class Fonts {
    private static final String HOME = "user.home";
    private static final Object LOCK = new Object();
    private static boolean started;

    private Fonts() {}

    static void start() {
        synchronized (LOCK) {
            if (started) {
                return;
            }
            started = true;
            Optional<String> cache =
                    Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).filter(name -> !name.isBlank());
            cache.ifPresent(Fonts::startWithHome);
        }
    }

    private static void startWithHome(String folder) {
        String home = System.getProperty(HOME);
        System.setProperty(HOME, folder);
        try {
            new Font(Font.SANS_SERIF, Font.PLAIN, 12).canDisplay('a');
        } finally {
            System.setProperty(HOME, home);
        }
    }
}
