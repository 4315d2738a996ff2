// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.lamella.base.Disk;

/**
 * Where the runs of a study are kept while they train: a folder a run beside the journal, gone when the run is finished.
 *
 * @param folder the folder of all
 * @param everySteps how often
 */
record Checkpoints(Path folder, int everySteps) {

    static Checkpoints beside(Path journal, int everySteps) {
        return new Checkpoints(journal.resolveSibling(journal.getFileName() + ".checkpoints"), everySteps);
    }

    /** Returns the experiment that goes on from its own checkpoint. */
    Experiment on(String key, Experiment experiment) {
        return experiment.training(experiment.training().checkpoints(folder.resolve(key), everySteps));
    }

    /** Deletes what a finished run no longer needs. */
    void drop(String key) {
        delete(folder.resolve(key));
        if (folder.toFile().isDirectory() && children(folder).isEmpty()) {
            delete(folder);
        }
    }

    private static List<Path> children(Path place) {
        try (Stream<Path> all = Files.list(place)) {
            return all.toList();
        } catch (IOException e) {
            throw Disk.unreadable(place, e);
        }
    }

    private static void delete(Path place) {
        if (!Files.exists(place)) {
            return;
        }
        try (Stream<Path> all = Files.walk(place)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw Disk.unwritable(place, e);
        }
    }
}
