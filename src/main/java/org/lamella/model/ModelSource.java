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

/** What a model is loaded from, whatever the format: everything is as Hugging Face has it. */
interface ModelSource {

    /** Returns the model of a place: a GGUF file, else a folder in Hugging Face layout. */
    static ModelSource of(Path place) {
        return Files.isRegularFile(place) ? GgufSource.open(place) : new FolderSource(place);
    }

    /** Returns the folder or the file. */
    Path place();

    /** Returns an exception about a part of this model with the place before the part's name. */
    FormatException placed(FormatException problem);

    /** Returns the configuration. */
    Config config();

    /** Returns the tokenizer. */
    Tokenizer tokenizer();

    /** Returns what is done to pictures; only for models that see. */
    default PictureFormat pictures() {
        throw new FormatException(PictureFormat.FILE, "must be there for a model that sees; got " + place());
    }

    /** Returns the expression that makes this model again, where no place of a file says it. */
    default Optional<String> recipe() {
        return Optional.empty();
    }

    /** Opens the weights, under their names on Hugging Face's hub. */
    TensorFile open();

    /** Returns the name of what holds the weights, for errors. */
    String weightsName();

    /** Returns the template, in Jinja, that writes a conversation as a prompt; empty when the model comes without. */
    Optional<String> chatTemplate();

    /** Returns the texts of the tokens that Hugging Face's files call by a name, for instance {@code bos_token}. */
    Map<String, String> namedTokens();

    /** Returns the tokens that end what the model writes besides those of its configuration. */
    List<Long> ends();

    /** Writes the tokenizer's files into a folder. */
    void writeTokenizer(Path folder) throws IOException;
}
