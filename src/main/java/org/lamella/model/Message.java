// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
import org.lamella.base.picture.Picture;

/**
 * One turn of a conversation.
 *
 * @param role who speaks: system, user or assistant, as the model's chat template knows them
 * @param content what is said
 * @param pictures what is shown before it
 */
public record Message(String role, String content, List<Picture> pictures) {

    /** Copies the list. */
    public Message {
        pictures = List.copyOf(pictures);
    }

    /** Makes a turn without pictures. */
    public Message(String role, String content) {
        this(role, content, List.of());
    }

    /** Returns what the person says of a picture. */
    public static Message user(Picture picture, String content) {
        return new Message("user", content, List.of(picture));
    }

    /** Returns what tells the model how to behave; a conversation may begin with it. */
    public static Message system(String content) {
        return new Message("system", content);
    }

    /** Returns what the person says. */
    public static Message user(String content) {
        return new Message("user", content);
    }

    /** Returns what the model has said. */
    public static Message assistant(String content) {
        return new Message("assistant", content);
    }
}
