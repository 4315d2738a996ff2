// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamella.base.FormatException;
import org.lamella.tensor.TensorFile;

/**
 * The vision tower in the source of a larger model: its file under the names that the larger model has.
 *
 * @param whole where the larger model comes from
 * @param larger the larger model
 */
record TowerSource(ModelSource whole, Architecture larger) implements ModelSource {

    @Override
    public Path place() {
        return whole.place();
    }

    @Override
    public FormatException placed(FormatException problem) {
        return whole.placed(problem);
    }

    /** Returns the configuration of the tower alone. */
    @Override
    public Config config() {
        return whole.config().section("vision_config").orElseGet(Config::empty);
    }

    @Override
    public Tokenizer tokenizer() {
        return whole.tokenizer();
    }

    @Override
    public PictureFormat pictures() {
        return whole.pictures();
    }

    @Override
    public TensorFile open() {
        return larger.named(whole.open());
    }

    @Override
    public String weightsName() {
        return whole.weightsName();
    }

    @Override
    public Optional<String> chatTemplate() {
        return Optional.empty();
    }

    @Override
    public Map<String, String> namedTokens() {
        return Map.of();
    }

    @Override
    public List<Long> ends() {
        return List.of();
    }

    @Override
    public void writeTokenizer(Path folder) throws IOException {
        Files.writeString(
                folder.resolve(PictureFormat.FILE), whole.pictures().config().json() + "\n");
    }
}
