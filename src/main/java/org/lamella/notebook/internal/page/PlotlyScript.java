// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Plotly from its webjar, packed into a script element that needs no other place. */
final class PlotlyScript {

    private static final String VERSION = "META-INF/maven/org.webjars.npm/plotly.js-dist/pom.properties";
    private static final String FOLDER = "META-INF/resources/webjars/plotly.js-dist/";

    // geographic maps fetch their tiles from the network; without them a quarter is saved
    private static final List<String> LEFT_OUT = List.of(
            "node_modules/maplibre-gl/dist/maplibre-gl.js",
            "node_modules/@plotly/mapbox-gl/dist/mapbox-gl-unminified.js");

    private PlotlyScript() {}

    /** Returns the version of Plotly on the class path, or nothing when there is none. */
    static Optional<String> version() {
        try (InputStream in = open(VERSION)) {
            if (in == null) {
                return Optional.empty();
            }
            Properties properties = new Properties();
            properties.load(in);
            return Optional.ofNullable(properties.getProperty("version"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the script element, about 2 MB; or nothing when Plotly is not on the class path. Takes about a second. */
    static Optional<String> element() {
        Optional<String> version = version();
        if (version.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = open(FOLDER + version.get() + "/plotly.js");
                InputStream live = PlotlyScript.class.getResourceAsStream("live.js")) {
            if (in == null || live == null) {
                return Optional.empty();
            }
            String packed = packed(slim(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            String script = new String(live.readAllBytes(), StandardCharsets.UTF_8).replace("PACKED", packed);
            return Optional.of("<script type=\"text/javascript\">" + script + "</script>");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @org.jspecify.annotations.Nullable InputStream open(String path) {
        return PlotlyScript.class.getClassLoader().getResourceAsStream(path);
    }

    /** Empties the modules that are left out and drops the indentation; an unknown layout of the file is kept whole. */
    static String slim(String source) {
        String slim = source;
        for (String module : LEFT_OUT) {
            int name = slim.indexOf("\n  // " + module + "\n");
            int start = slim.indexOf("\"" + module + "\"(exports, module) {", Math.max(0, name));
            int end = slim.indexOf("\n  });\n", Math.max(0, start));
            if (name >= 0 && start > name && end > start) {
                slim = slim.substring(0, start) + "\"" + module + "\"(exports, module) { module.exports = {}; }"
                        + slim.substring(end);
            }
        }
        return Pattern.compile("^[ \\t]+", Pattern.MULTILINE).matcher(slim).replaceAll("");
    }

    private static String packed(String source) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            gzip.write(source.getBytes(StandardCharsets.UTF_8));
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
