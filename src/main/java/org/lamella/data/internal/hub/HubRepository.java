// SPDX-License-Identifier: Apache-2.0
package org.lamella.data.internal.hub;

import java.util.ArrayList;
import java.util.List;

/**
 * One commit of one repository of the hub.
 *
 * @param kind {@code models} or {@code datasets}
 * @param id owner and name, for instance {@code nyu-mll/glue}
 * @param commit the commit, 40 hexadecimal digits: branches move, commits do not
 * @param alsoKnown other ids under which Python's tools may have kept the same commit
 */
public record HubRepository(String kind, String id, String commit, List<String> alsoKnown) {

    /** Copies the other ids. */
    public HubRepository {
        alsoKnown = List.copyOf(alsoKnown);
    }

    /** Returns a commit of a model. */
    public static HubRepository ofModels(String id, String commit) {
        return new HubRepository("models", id, commit, List.of());
    }

    /** Returns a commit of a data set. */
    public static HubRepository ofDatasets(String id, String commit) {
        return new HubRepository("datasets", id, commit, List.of());
    }

    /** Returns the names of the folders in which the cache may hold it, its own first. */
    List<String> folders() {
        List<String> ids = new ArrayList<>(List.of(id));
        ids.addAll(alsoKnown);
        return ids.stream().map(each -> kind + "--" + each.replace("/", "--")).toList();
    }

    /** Returns where its files are on the hub, below the endpoint. */
    String path() {
        return (kind.equals("datasets") ? "/datasets/" : "/") + id + "/resolve/" + commit + "/";
    }
}
