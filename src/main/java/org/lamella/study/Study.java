// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.lamella.base.Listing;
import org.lamella.base.Progress;
import org.lamella.base.Provenance;
import org.lamella.data.Split;
import org.lamella.lora.Lora;
import org.lamella.lora.Training;
import org.lamella.model.Transformer;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Many runs of one experiment: every combination of levels with every seed, one after another, kept in a journal as they
 * finish. An immutable value; only {@link #run} works.
 *
 * <p>Use it when a difference is to be told from the luck of a seed. A run is known by the hash of its recipe, its training
 * with the seed, the model's files and the examples: run the same study again and only what is missing is done, add seeds or
 * levels and only those are, change a setting and it is another run.
 */
public final class Study implements Listing {

    private final Experiment experiment;
    private final List<Factor> factors;
    private final List<Long> seeds;
    private final Optional<Path> journal;
    private final int checkpointsEvery; // 0 for none

    private Study(
            Experiment experiment,
            List<Factor> factors,
            List<Long> seeds,
            Optional<Path> journal,
            int checkpointsEvery) {
        this.experiment = experiment;
        this.factors = List.copyOf(factors);
        this.seeds = List.copyOf(seeds);
        this.journal = journal;
        this.checkpointsEvery = checkpointsEvery;
    }

    /** Returns the study of one experiment with seed 0, to which factors and seeds are added. */
    public static Study of(Experiment experiment) {
        return new Study(experiment, List.of(), List.of(0L), Optional.empty(), 0);
    }

    /** Returns the study of a protocol of the paper. Loads its task. */
    public static Study of(GlueProtocol protocol) {
        return of(protocol.experiment());
    }

    /** Returns the study of a recipe. */
    public static Study of(Lora recipe, Training training, Split train, Split measured) {
        return of(Experiment.of(recipe, training, train, measured));
    }

    /** Returns the study of an experiment with these seeds: {@code Study.of(experiment).seeds(0, 1, 2)} in one call. */
    public static Study seeds(Experiment experiment, long... numbers) {
        return of(experiment).seeds(numbers);
    }

    /** Returns the study of a protocol of the paper with these seeds. Loads its task. */
    public static Study seeds(GlueProtocol protocol, long... numbers) {
        return of(protocol).seeds(numbers);
    }

    /** Returns this study with one more factor, all of whose levels meet all levels of the others. */
    public Study vary(Factor factor) {
        if (factor.levels().isEmpty()) {
            throw new IllegalArgumentException("factor must have a level; got \"" + factor.name() + "\" without one");
        }
        if (factors.stream().anyMatch(other -> other.name().equals(factor.name()))) {
            throw new IllegalArgumentException(
                    "factor must be a new one of the study; got \"" + factor.name() + "\" twice");
        }
        List<Factor> more = new ArrayList<>(factors);
        more.add(factor);
        return new Study(experiment, more, seeds, journal, checkpointsEvery);
    }

    /** Returns this study with these seeds for every cell. */
    public Study seeds(long... numbers) {
        if (numbers.length == 0 || LongStream.of(numbers).distinct().count() != numbers.length) {
            throw new IllegalArgumentException("seeds must be some different numbers; got " + Arrays.toString(numbers));
        }
        return new Study(experiment, factors, LongStream.of(numbers).boxed().toList(), journal, checkpointsEvery);
    }

    /**
     * Returns this study with a file that keeps every finished run, and from which it goes on. The file is made when there is
     * none; studies that are measured on the same examples may share it, one after another.
     */
    public Study journal(Path file) {
        return new Study(experiment, factors, seeds, Optional.of(file), checkpointsEvery);
    }

    /**
     * Returns this study with a checkpoint of the current run after every so many optimizer steps, in a folder beside the
     * journal: a run that was stopped or killed goes on from there instead of from its beginning. Deleted as runs finish.
     *
     * @throws IllegalStateException without a {@link #journal}
     */
    public Study checkpoints(int everySteps) {
        if (everySteps < 1) {
            throw new IllegalArgumentException("everySteps must be at least 1; got " + everySteps);
        }
        if (journal.isEmpty()) {
            throw new IllegalStateException("journal must be chosen before checkpoints, which lie beside it; got none");
        }
        return new Study(experiment, factors, seeds, journal, everySteps);
    }

    /** Returns the number of runs: cells times seeds. */
    public int runs() {
        return cells().size() * seeds.size();
    }

    List<Cell> cells() {
        return Cell.of(experiment, factors);
    }

    List<Factor> factors() {
        return factors;
    }

    List<Long> seeds() {
        return seeds;
    }

    Experiment experiment() {
        return experiment;
    }

    /**
     * Does what is not done yet and returns all that is finished. The model does not change.
     *
     * <p>Shows progress; stopping it ends the current run, which does not count, and returns the finished ones. A run that
     * diverges is finished too: it is noted and the study goes on. Cost: the model's files are read once to hash them.
     *
     * @throws org.lamella.base.FormatException when the journal is of other examples, or a line of it is unreadable
     * @throws IllegalStateException while another study writes the same journal, or another training runs in this JVM
     */
    public Findings run(Transformer model) {
        Provenance provenance = model.base()
                .provenance(experiment.train(), recipe(model))
                .with(
                        "measured",
                        experiment.measured() + ", hash "
                                + experiment.measured().hash());
        String version = provenance.facts().getOrDefault("lamella", "");
        return run(Fingerprints.of(model), Runner.here(model.base(), version), provenance);
    }

    Findings run(String model, Runner runner, Provenance provenance) {
        List<Cell> cells = cells();
        Provenance facts = provenance.with("seeds", seeds);
        for (Factor factor : factors) {
            facts = facts.with(
                    "factor " + factor.name(), String.join(", ", factor.levels().keySet()));
        }
        for (Map.Entry<String, String> note : experiment.notes().entrySet()) {
            facts = facts.with(note.getKey(), note.getValue());
        }
        Map<Cell, Map<Long, Outcome>> found = new LinkedHashMap<>();
        cells.forEach(cell -> found.put(cell, new LinkedHashMap<>()));
        try (Journal kept = journal.map(path -> Journal.open(path, experiment.measured()))
                        .orElseGet(Journal::inMemory);
                Progress progress = Progress.start("study", runs(), "runs")) {
            int done = fill(found, model, runner, kept, progress);
            if (!kept.note().isEmpty()) {
                facts = facts.warning(kept.note());
            }
            if (done < runs()) {
                facts = facts.warning("stopped after " + done + " of " + runs() + " runs");
            }
        }
        return Findings.of(this, found, facts.finished());
    }

    // all cells with the first seed, then all with the next: a stop leaves cells that can be compared
    private int fill(
            Map<Cell, Map<Long, Outcome>> found, String model, Runner runner, Journal kept, Progress progress) {
        int done = 0;
        boolean goOn = true;
        for (long seed : seeds) {
            for (Cell cell : found.keySet()) {
                Experiment seeded = cell.experiment().seed(seed);
                String key = Fingerprints.of(model, seeded);
                Optional<Outcome> outcome = kept.outcome(key);
                if (outcome.isEmpty() && goOn) {
                    outcome = runner.run(kept(key, seeded));
                    outcome.ifPresent(fresh -> {
                        kept.add(key, new Cell(cell.levels(), seeded), seed, fresh);
                        checkpoints().ifPresent(folder -> folder.drop(key));
                    });
                    goOn = outcome.isPresent();
                }
                if (outcome.isPresent()) {
                    found.getOrDefault(cell, new LinkedHashMap<>()).put(seed, outcome.get());
                    done++;
                }
                goOn = progress.step(done) && goOn;
            }
        }
        return done;
    }

    private Experiment kept(String key, Experiment seeded) {
        return checkpoints().map(folder -> folder.on(key, seeded)).orElse(seeded);
    }

    private Optional<Checkpoints> checkpoints() {
        return checkpointsEvery == 0
                ? Optional.empty()
                : journal.map(path -> Checkpoints.beside(path, checkpointsEvery));
    }

    private String recipe(Transformer model) {
        StringBuilder lines = new StringBuilder("var model = " + model.base().recipe() + ";\nvar found = Study.of("
                + experiment.recipe() + ",\n        " + experiment.training() + ",\n        "
                + experiment.train().recipe() + ",\n        "
                + experiment.measured().recipe() + ")\n");
        factors.forEach(
                factor -> lines.append("    .vary(").append(factor.recipe()).append(")\n"));
        lines.append("    .seeds(")
                .append(String.join(", ", seeds.stream().map(String::valueOf).toList()))
                .append(")\n");
        journal.ifPresent(path -> lines.append("    .journal(Path.of(\"")
                .append(path.toString().replace("\\", "\\\\"))
                .append("\"))\n"));
        if (checkpointsEvery > 0) {
            lines.append("    .checkpoints(").append(checkpointsEvery).append(")\n");
        }
        return lines.append("    .run(model);").toString();
    }

    /** Returns the plan, one row a run in the order in which they are done: seed, each factor's level, recipe, training. */
    @Override
    public Table table() {
        LongColumn seed = LongColumn.create("seed");
        StringColumn recipe = StringColumn.create("recipe");
        StringColumn training = StringColumn.create("training");
        List<StringColumn> levels = factors.stream()
                .map(factor -> StringColumn.create(factor.name()))
                .toList();
        for (long number : seeds) {
            for (Cell cell : cells()) {
                seed.append(number);
                levels.forEach(column -> column.append(cell.levels().getOrDefault(column.name(), "")));
                recipe.append(cell.experiment().recipe().toString());
                training.append(cell.experiment().training().seed(number).toString());
            }
        }
        Table table = Table.create("study of " + runs() + " runs", seed);
        levels.forEach(table::addColumns);
        return table.addColumns(recipe, training);
    }

    @Override
    public String toString() {
        return "Study of " + runs() + " runs, seeds " + seeds + (factors.isEmpty() ? "" : ", " + factors);
    }
}
