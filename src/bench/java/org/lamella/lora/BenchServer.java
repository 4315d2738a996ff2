// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lamella.tensor.Torch;

/**
 * Our side of the benchmark: one process that waits for orders, as environment/peer/bench_peft.py describes them.
 *
 * <pre>
 * BenchServer prepare --model NAME --task NAME --tokens N --folder FOLDER --steps N --batch N --texts N --half scored|upper --forms NAME,...
 * BenchServer prepare-seeing (as prepare; --model is the language)
 * BenchServer train --model FOLDER --task NAME --tokens N --adapter FOLDER --batches FILE --dropout on|off --dtype NAME --learning-rate X --threads N
 * BenchServer score --model FOLDER --texts FILE --threads N
 * BenchServer write --model FOLDER --texts FILE --batch N --tokens N --threads N [--adapter FOLDER --keep N]
 * BenchServer boundary --way sweep|curve|plain --model FOLDER --task NAME --tokens N --adapter FOLDER --batches FILE --texts FILE --threads N
 * BenchServer see --model FOLDER --questions FILE --batch N --threads N
 * BenchServer cost --model FOLDER --task NAME --tokens N --batches FILE --dropout on|off --dtype NAME --form NAME --layers MASK --batch N --threads N
 * </pre>
 *
 * <p>{@code prepare} and {@code prepare-seeing} write what both sides are given, answer with one line and end. The others answer
 * {@code run N} until {@code quit} or the end of the input. environment/setup/bench.py compiles and starts this class; it lies in
 * the package of the trainer so that it makes the very steps that {@link Lora#train} makes.
 */
final class BenchServer {

    private static final Gson GSON =
            new GsonBuilder().serializeSpecialFloatingPointValues().create();

    private BenchServer() {}

    /** What answers {@code run N}. */
    interface Side {
        /** Returns what the ready line says of this side. */
        JsonObject facts();

        /** Works that many times and returns the answer, memory apart. */
        JsonObject run(int count);
    }

    public static void main(String[] words) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err);
        Map<String, String> options = options(words);
        if (words[0].startsWith("prepare")) {
            JsonObject facts = words[0].equals("prepare") ? BenchInputs.write(options) : BenchPictures.write(options);
            answers.println(GSON.toJson(facts));
            return;
        }
        Torch.threads(Integer.parseInt(options.get("threads")));
        double libraries = memory("VmRSS");
        Side side =
                switch (words[0]) {
                    case "train" -> new BenchTraining(options);
                    case "score" -> new BenchScoring(options);
                    case "write" -> new BenchWriting(options);
                    case "boundary" -> new BenchBoundary(options);
                    case "see" -> new BenchSeeing(options);
                    default -> new BenchCost(options);
                };
        answers.println(GSON.toJson(ready(side, words[0], libraries)));
        serve(side, answers);
    }

    private static Map<String, String> options(String[] words) {
        List<String> modes = List.of("prepare", "prepare-seeing", "train", "score", "write", "boundary", "see", "cost");
        if (words.length == 0 || !modes.contains(words[0])) {
            throw new IllegalArgumentException("mode must be one of " + modes + "; got " + List.of(words));
        }
        Map<String, String> options = new HashMap<>();
        for (int i = 1; i + 1 < words.length; i += 2) {
            options.put(words[i].replaceFirst("^--", ""), words[i + 1]);
        }
        return options;
    }

    private static JsonObject ready(Side side, String mode, double libraries) {
        JsonObject versions = new JsonObject();
        versions.addProperty("java", System.getProperty("java.version"));
        versions.addProperty("engine", Torch.version());
        JsonObject line = new JsonObject();
        line.addProperty("ready", true);
        line.addProperty("mode", mode);
        line.add("versions", versions);
        line.addProperty("threads", Torch.threads());
        line.addProperty("libraries_mib", libraries);
        side.facts().entrySet().forEach(fact -> line.add(fact.getKey(), fact.getValue()));
        return withMemory(line);
    }

    private static void serve(Side side, PrintStream answers) throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null && !line.equals("quit"); line = orders.readLine()) {
            if (!line.matches("run \\d+")) {
                throw new IllegalArgumentException("order must be run N or quit; got \"" + line + "\"");
            }
            answers.println(GSON.toJson(withMemory(side.run(Integer.parseInt(line.substring(4))))));
        }
    }

    private static JsonObject withMemory(JsonObject answer) {
        answer.addProperty("peak_mib", memory("VmHWM"));
        answer.addProperty("resident_mib", memory("VmRSS"));
        return answer;
    }

    /** Returns a number of this process's state in MiB; not a number where the system does not tell. */
    static double memory(String name) {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return Double.NaN;
        }
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith(name + ":"))
                    .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the processor time of all threads of this process, in seconds; its grain is 10 ms on Linux. */
    static double processorSeconds() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }
}
