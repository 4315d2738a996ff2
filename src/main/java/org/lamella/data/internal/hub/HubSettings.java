// SPDX-License-Identifier: Apache-2.0
package org.lamella.data.internal.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.lamella.base.Disk;

/**
 * Where the hub is, where its files are kept, and who asks, from the variables that Python's tools read too.
 *
 * @param endpoint {@code HF_ENDPOINT}, without a slash at the end
 * @param cache {@code HF_HUB_CACHE}, else {@code hub} in {@code HF_HOME}, else in the person's cache folder
 * @param token {@code HF_TOKEN}, else the content of the file {@code token} in {@code HF_HOME}; empty for none
 * @param offline whether {@code HF_HUB_OFFLINE} (or {@code TRANSFORMERS_OFFLINE}) forbids to ask the hub
 * @param environment the variables, for the proxies
 */
public record HubSettings(URI endpoint, Path cache, String token, boolean offline, Map<String, String> environment) {

    /** The one place that knows the hub's address. */
    static final String HUB = "https://huggingface.co";

    private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");
    private static final List<String> NAMES = List.of(
            "HF_ENDPOINT",
            "HF_HOME",
            "HF_HUB_CACHE",
            "HF_TOKEN",
            "HF_TOKEN_PATH",
            "HF_HUB_OFFLINE",
            "TRANSFORMERS_OFFLINE",
            "XDG_CACHE_HOME");

    /** Copies the variables. */
    public HubSettings {
        environment = Map.copyOf(environment);
    }

    /** Returns the settings of this machine; a system property of the same name comes before each variable. */
    public static HubSettings standard() {
        Map<String, String> variables = new HashMap<>(System.getenv());
        for (String name : NAMES) {
            String property = System.getProperty(name, "");
            if (!property.isBlank()) {
                variables.put(name, property);
            }
        }
        return of(variables);
    }

    /** Returns the settings that these variables make. */
    public static HubSettings of(Map<String, String> variables) {
        Path person = Path.of(System.getProperty("user.home"), ".cache");
        Path caches = folder(variables, "XDG_CACHE_HOME", person);
        Path home = folder(variables, "HF_HOME", caches.resolve("huggingface"));
        Path cache = folder(variables, "HF_HUB_CACHE", home.resolve("hub"));
        String offline = variables.getOrDefault("HF_HUB_OFFLINE", "");
        String switchedOff = offline.isBlank() ? variables.getOrDefault("TRANSFORMERS_OFFLINE", "") : offline;
        return new HubSettings(
                endpoint(variables.getOrDefault("HF_ENDPOINT", "")),
                cache,
                token(variables, folder(variables, "HF_TOKEN_PATH", home.resolve("token"))),
                YES.contains(switchedOff.strip().toUpperCase(Locale.ROOT)),
                variables);
    }

    private static Path folder(Map<String, String> variables, String name, Path otherwise) {
        String value = variables.getOrDefault(name, "");
        if (value.isBlank()) {
            return otherwise;
        }
        String whole = value.startsWith("~/") ? System.getProperty("user.home") + value.substring(1) : value;
        return Path.of(whole).toAbsolutePath().normalize();
    }

    private static URI endpoint(String given) {
        String address = given.isBlank() ? HUB : given.strip().replaceAll("/+$", "");
        if (!address.matches("https?://[^/?#@\\s]+(/[^?#\\s]*)?")) {
            throw new IllegalArgumentException("HF_ENDPOINT must be an address like " + HUB
                    + ", without name and password; got \"" + given + "\"");
        }
        return URI.create(address);
    }

    private static String token(Map<String, String> variables, Path file) {
        String token = variables.getOrDefault("HF_TOKEN", "").strip();
        if (!token.isEmpty() || !Files.isRegularFile(file)) {
            return token;
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw Disk.unreadable(file, e);
        }
    }

    /** Returns whether an address is the hub itself: the token goes there and nowhere else. */
    boolean isHub(URI address) {
        return address.getScheme().equalsIgnoreCase(endpoint.getScheme())
                && address.getHost() != null
                && address.getHost().equalsIgnoreCase(endpoint.getHost())
                && port(address) == port(endpoint);
    }

    private static int port(URI address) {
        boolean secure = address.getScheme().equalsIgnoreCase("https");
        return address.getPort() >= 0 ? address.getPort() : secure ? 443 : 80;
    }

    /** Says everything but the token. */
    @Override
    public String toString() {
        return "hub " + endpoint + ", cache " + cache + (token.isEmpty() ? ", no token" : ", with a token")
                + (offline ? ", offline" : "");
    }
}
