// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A kernelspec to write: how Jupyter starts this kernel.
 *
 * @param prefix folder of a Python environment; the kernelspec goes to {@code share/jupyter/kernels} in there
 * @param name of the kernelspec
 * @param displayName what a person chooses in the launcher
 * @param classPath globs of what cells see, as {@code IJAVA_CLASSPATH}
 * @param startup globs of the files that run before the first cell, as {@code IJAVA_STARTUP_SCRIPTS_PATH}
 * @param options further options for the virtual machine
 */
record Installation(
        Path prefix, String name, String displayName, String classPath, String startup, List<String> options) {

    static final String USAGE = """
            java -jar lamella-kernel.jar CONNECTION_FILE
                runs a kernel; Jupyter does this
            java -jar lamella-kernel.jar install --prefix DIR [--name java] [--display-name Java]
                    [--classpath GLOBS] [--startup FILES] [--jvm-option OPTION]...
                writes a kernelspec to DIR/share/jupyter/kernels/NAME that uses this Java and a copy of this jar""";

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    private static final List<String> LOGOS = List.of("logo-32x32.png", "logo-64x64.png", "logo-svg.svg");

    Installation {
        options = List.copyOf(options);
    }

    /**
     * Reads the command line after {@code install}.
     *
     * @throws IllegalArgumentException if an option is unknown or lacks its value, or there is no prefix
     */
    static Installation parse(List<String> arguments) {
        String prefix = "";
        String name = "java";
        String displayName = "Java";
        String classPath = "";
        String startup = "";
        List<String> options = new ArrayList<>();
        Iterator<String> words = arguments.iterator();
        while (words.hasNext()) {
            String option = words.next();
            if (!words.hasNext()) {
                throw new IllegalArgumentException("option " + option + " must have a value; got nothing\n" + USAGE);
            }
            String value = words.next();
            switch (option) {
                case "--prefix" -> prefix = value;
                case "--name" -> name = value;
                case "--display-name" -> displayName = value;
                case "--classpath" -> classPath = value;
                case "--startup" -> startup = value;
                case "--jvm-option" -> options.add(value);
                default ->
                    throw new IllegalArgumentException(
                            "option must be one of those below; got " + option + "\n" + USAGE);
            }
        }
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("option --prefix must be given; got nothing\n" + USAGE);
        }
        return new Installation(Path.of(prefix), name, displayName, classPath, startup, options);
    }

    /**
     * Checks that this Java can compile cells.
     *
     * @throws IllegalArgumentException if it is a run-time image without JShell
     */
    static void requireJShell() {
        if (ModuleLayer.boot().findModule("jdk.jshell").isEmpty()) {
            throw new IllegalArgumentException("Java must be a JDK with the module jdk.jshell; got "
                    + System.getProperty("java.home") + ", a JRE. Install a JDK 17 or newer"
                    + " (Debian: apt install openjdk-17-jdk-headless)");
        }
    }

    /** Writes the kernelspec and returns a sentence that says where. */
    String write() throws IOException {
        requireJShell();
        Path folder = prefix.toAbsolutePath()
                .normalize()
                .resolve("share/jupyter/kernels")
                .resolve(name);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("kernel.json"), kernelJson(copied(jar(), folder)) + "\n");
        for (String logo : LOGOS) {
            Files.write(folder.resolve(logo), resource(logo));
        }
        return "kernel \"" + name + "\" is installed in " + folder + " for Java " + Runtime.version();
    }

    /** Copies the jar, so that building the next one does not pull it from under a kernel that runs; returns the copy. */
    private static Path copied(Path jar, Path folder) throws IOException {
        Path copy = folder.resolve("lamella-kernel.jar");
        if (!jar.equals(copy)) {
            Path whole = Files.createTempFile(folder, "lamella-kernel", ".part");
            Files.copy(jar, whole, StandardCopyOption.REPLACE_EXISTING);
            Files.move(whole, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        return copy;
    }

    /** Returns the template with this Java, this jar and this class path in its places. */
    String kernelJson(Path jar) throws IOException {
        String template = new String(resource("kernel.json"), StandardCharsets.UTF_8);
        JsonObject spec = JsonParser.parseString(template).getAsJsonObject();
        Map<String, String> values = Map.of(
                "@JAVA@", java().toString(),
                "@KERNEL_JAR@", jar.toString(),
                "@DISPLAY_NAME@", displayName,
                "@CLASSPATH@", classPath,
                "@IMPORTS@", startup);
        JsonArray arguments = new JsonArray();
        for (JsonElement argument : spec.getAsJsonArray("argv")) {
            if (argument.getAsString().equals("@OPTIONS@")) {
                machineOptions(jar).forEach(arguments::add);
            } else {
                arguments.add(replaced(argument.getAsString(), values));
            }
        }
        spec.add("argv", arguments);
        spec.addProperty("display_name", replaced(spec.get("display_name").getAsString(), values));
        JsonObject environment = new JsonObject();
        spec.getAsJsonObject("env").entrySet().forEach(entry -> {
            String value = replaced(entry.getValue().getAsString(), values);
            if (!value.isEmpty()) {
                environment.addProperty(entry.getKey(), value);
            }
        });
        spec.add("env", environment);
        return GSON.toJson(spec);
    }

    private static String replaced(String text, Map<String, String> values) {
        String result = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            result = result.replace(value.getKey(), value.getValue());
        }
        return result;
    }

    /** Options that this Java knows: an older one refuses to start with those of a newer one. */
    private List<String> machineOptions(Path jar) {
        List<String> all = new ArrayList<>(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.awt.headless=true",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + archive(jar),
                "-Xlog:disable",
                "-Xlog:all=off"));
        if (Runtime.version().feature() >= 24) {
            all.add("--sun-misc-unsafe-memory-access=allow");
        }
        all.addAll(options);
        return all;
    }

    /** The archive of loaded classes lies beside the jar, one for each Java. */
    private static Path archive(Path jar) {
        String name = jar.getFileName().toString().replaceFirst("\\.jar$", "");
        return jar.resolveSibling(name + "-" + Runtime.version().feature() + ".jsa");
    }

    private static Path java() {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        return Path.of(System.getProperty("java.home"), "bin", windows ? "java.exe" : "java");
    }

    private static Path jar() {
        try {
            return Path.of(Installation.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toAbsolutePath();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException("the kernel's own jar cannot be found", impossible);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Installation.class.getResourceAsStream("kernelspec/" + name)) {
            if (in == null) {
                throw new FileNotFoundException("kernelspec/" + name + " is missing in the kernel's jar");
            }
            return in.readAllBytes();
        }
    }
}
