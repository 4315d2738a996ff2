// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamella.base.Listing;
import org.lamella.notebook.internal.jupyter.KernelLink;
import org.lamella.notebook.internal.page.Pages;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Looks at every part that the library stands on. Nothing is changed, nothing is fetched. */
final class Doctor implements Listing {

    private static final int OLDEST_JAVA = 17;
    private static final long LEAST_MEMORY = 2L << 30;

    private final Map<String, String> environment;
    private final Path home;

    private Doctor(Map<String, String> environment, Path home) {
        this.environment = environment;
        this.home = home;
    }

    static Doctor standard() {
        Map<String, String> environment = System.getenv();
        String property = System.getProperty("lamella.home", "");
        String named = property.isBlank() ? environment.getOrDefault("LAMELLA_HOME", "") : property;
        Path home = named.isBlank() ? Path.of(System.getProperty("user.home"), ".cache", "lamella") : Path.of(named);
        return of(environment, home.toAbsolutePath().normalize());
    }

    static Doctor of(Map<String, String> environment, Path home) {
        return new Doctor(environment, home);
    }

    @Override
    public Table table() {
        List<Part> parts = parts();
        return Table.create(
                "doctor",
                StringColumn.create("part", parts.stream().map(Part::name)),
                StringColumn.create("state", parts.stream().map(part -> part.ok() ? "ok" : "missing")),
                StringColumn.create("seen", parts.stream().map(Part::seen)),
                StringColumn.create("remedy", parts.stream().map(Part::remedy)));
    }

    List<Part> parts() {
        List<Part> parts = new ArrayList<>(List.of(java(), shell(), kernel(), engine(), memory(), cores(), home()));
        parts.addAll(Cards.parts(home));
        parts.addAll(List.of(tablesaw(), plotly(), sandbox(), data()));
        return List.copyOf(parts);
    }

    private static Part java() {
        int version = Runtime.version().feature();
        String seen = Runtime.version() + ", " + System.getProperty("java.home");
        return Part.of("Java", version >= OLDEST_JAVA, seen, "install a JDK of version 17 or newer");
    }

    private static Part shell() {
        boolean there = ModuleLayer.boot().findModule("jdk.jshell").isPresent()
                || java.lang.module.ModuleFinder.ofSystem().find("jdk.jshell").isPresent();
        return Part.of("JShell", there, there ? "jdk.jshell" : "no module jdk.jshell", "install a JDK, not a JRE");
    }

    private static Part kernel() {
        Optional<KernelLink> kernel = KernelLink.find();
        return kernel.isPresent()
                ? Part.ok("kernel", kernel.get().name())
                : Part.ok("kernel", "none: this runs outside a notebook");
    }

    // the room of tensors is not below this one, so it is asked by name
    private static Part engine() {
        String remedy = "run environment/start, or put target/lib/*.jar on the class path";
        try {
            Object version = Class.forName("org.lamella.tensor.Torch")
                    .getMethod("version")
                    .invoke(null);
            return Part.ok("engine", String.valueOf(version));
        } catch (InvocationTargetException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return Part.missing("engine", String.valueOf(cause), remedy);
        } catch (ReflectiveOperationException e) {
            return Part.missing("engine", "no " + e.getMessage(), remedy);
        }
    }

    private static Part memory() {
        long heap = Runtime.getRuntime().maxMemory();
        long machine = Memory.ofTheMachine();
        String seen = "heap up to " + Memory.text(heap) + (machine > 0 ? ", machine " + Memory.text(machine) : "");
        boolean enough = machine <= 0 || machine >= LEAST_MEMORY;
        return Part.of("memory", enough, seen, "use a machine with at least 2 GiB");
    }

    private static Part cores() {
        return Part.ok("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    }

    private Part home() {
        Path existing = home;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        boolean writable = existing != null && Files.isDirectory(existing) && Files.isWritable(existing);
        String seen = home + (writable ? Files.exists(home) ? "" : " (not there yet)" : " cannot be written");
        return Part.of("LAMELLA_HOME", writable, seen, "set LAMELLA_HOME to a folder that you may write");
    }

    private static Part tablesaw() {
        String version = Table.class.getPackage().getImplementationVersion();
        return Part.ok("Tablesaw", version == null ? "on the class path" : version);
    }

    private static Part plotly() {
        Optional<String> version = Pages.plotly();
        return version.isPresent()
                ? Part.ok("Plotly", version.get() + ", from the class path")
                : Part.missing(
                        "Plotly",
                        "not on the class path; charts are pictures",
                        "put target/lib/*.jar on the class path");
    }

    // asked by name, like the engine; who runs no generated programs needs none
    private static Part sandbox() {
        String none = "none, so that generated programs are not run; ";
        String remedy = "to run them: apt-get install bubblewrap";
        try {
            Class.forName("org.lamella.eval.CodeSandbox").getMethod("open").invoke(null);
            return Part.ok("sandbox", "bubblewrap; a program ran in it");
        } catch (InvocationTargetException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return new Part("sandbox", true, none + cause.getMessage(), remedy);
        } catch (ReflectiveOperationException e) {
            return new Part("sandbox", true, none + "no " + e.getMessage(), remedy);
        }
    }

    private Part data() {
        String folder = environment.getOrDefault("LAMELLA_DATA", "");
        if (folder.isBlank()) {
            return Part.ok("LAMELLA_DATA", "not set; only what packages ship is used");
        }
        boolean there = Files.isDirectory(Path.of(folder));
        return Part.of("LAMELLA_DATA", there, folder + (there ? "" : " is no folder"), "correct or unset LAMELLA_DATA");
    }

    @Override
    public String toString() {
        List<String> missing =
                parts().stream().filter(part -> !part.ok()).map(Part::name).toList();
        return missing.isEmpty() ? "every part is ok" : "missing: " + String.join(", ", missing);
    }
}
