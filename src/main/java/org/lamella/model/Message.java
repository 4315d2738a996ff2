// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

/**
 * One turn of a conversation.
 *
 * @param role who speaks: system, user or assistant, as the model's chat template knows them
 * @param content what is said
 */
public record Message(String role, String content) {

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
