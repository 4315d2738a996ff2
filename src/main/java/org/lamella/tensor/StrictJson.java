// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import org.lamella.base.FormatException;

/** Reads JSON field by field and says in one sentence where it is not what it should be. */
final class StrictJson {

    /** Reads what it expects. */
    interface Reading {
        void read(JsonReader json) throws IOException;
    }

    private StrictJson() {}

    /**
     * Reads a text.
     *
     * @param file the file's name, for messages
     * @param part what in the file the text is, for messages
     */
    static void read(String file, String part, String text, Reading reading) {
        JsonReader json = new JsonReader(new StringReader(text));
        try {
            reading.read(json);
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw new IllegalStateException("more follows");
            }
        } catch (EOFException e) {
            throw new FormatException(file, part + " must be JSON; it breaks off after " + json.getPath(), e);
        } catch (MalformedJsonException e) {
            throw new FormatException(file, part + " must be JSON; it is not at " + json.getPath(), e);
        } catch (IOException e) {
            throw new FormatException(file, part + " must be readable; got " + e.getMessage(), e);
        } catch (IllegalStateException e) {
            throw new FormatException(file, part + " must be JSON of the right form; got " + found(json), e);
        }
    }

    private static String found(JsonReader json) {
        try {
            return json.peek() + " at " + json.getPath();
        } catch (IOException e) {
            return "nothing at " + json.getPath();
        }
    }
}
