// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamella.base.FormatException;
import org.lamella.tensor.Gguf;
import org.lamella.tensor.TensorFile;

/** A model that is one GGUF file: configuration, vocabulary and chat template are made from its metadata. */
final class GgufSource implements ModelSource {

    private final Path place;
    private final GgufFacts facts;

    private GgufSource(Path place, GgufFacts facts) {
        this.place = place;
        this.facts = facts;
    }

    static GgufSource open(Path file) {
        try {
            return new GgufSource(file, GgufFacts.of(String.valueOf(file.getFileName()), Gguf.open(file)));
        } catch (FormatException e) {
            throw placed(file, e);
        }
    }

    // of itself the file stands in its folder; what is made of it, as a config.json, stands in the file
    private static FormatException placed(Path file, FormatException problem) {
        Path folder = file.getParent();
        if (!String.valueOf(problem.getMessage()).startsWith("[" + file.getFileName() + "]")) {
            return problem.in(file);
        }
        return folder == null ? problem : problem.in(folder);
    }

    @Override
    public FormatException placed(FormatException problem) {
        return placed(place, problem);
    }

    @Override
    public Path place() {
        return place;
    }

    @Override
    public Config config() {
        return GgufConfig.of(facts);
    }

    @Override
    public Tokenizer tokenizer() {
        return Tokenizer.parse(weightsName(), vocabulary().json());
    }

    private GgufTokenizer vocabulary() {
        return GgufTokenizer.of(weightsName(), facts.gguf(), config().count("vocab_size"));
    }

    @Override
    public TensorFile open() {
        return new GgufWeights(facts);
    }

    @Override
    public String weightsName() {
        return String.valueOf(place.getFileName());
    }

    @Override
    public Map<String, String> namedTokens() {
        return NamedTokens.of(weightsName(), vocabulary().settings(Optional.empty()));
    }

    @Override
    public List<Long> ends() {
        return List.of();
    }

    @Override
    public Optional<String> chatTemplate() {
        return facts.gguf().text("tokenizer.chat_template");
    }

    @Override
    public void writeTokenizer(Path folder) throws IOException {
        GgufTokenizer vocabulary = vocabulary();
        Files.writeString(folder.resolve("tokenizer.json"), vocabulary.json());
        Files.writeString(folder.resolve("tokenizer_config.json"), vocabulary.settings(chatTemplate()));
    }
}
