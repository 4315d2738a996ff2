// SPDX-License-Identifier: Apache-2.0
package org.lamella.data.internal.hub;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A file of the hub, with what is known of it before anyone is asked.
 *
 * @param repository where it is
 * @param name its path in the repository
 * @param bytes its size, when the card says it
 * @param sha256 its hash in lower-case hexadecimal digits, when the card says it
 */
public record HubFile(HubRepository repository, String name, OptionalLong bytes, Optional<String> sha256) {

    /** Returns a file of which only its place is known. */
    public static HubFile of(HubRepository repository, String name) {
        return new HubFile(repository, name, OptionalLong.empty(), Optional.empty());
    }

    URI address(URI endpoint) {
        String path = Arrays.stream(name.split("/"))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
        return URI.create(endpoint + repository.path() + path);
    }

    /** Returns repository and path, as messages name the file. */
    @Override
    public String toString() {
        return repository.id() + "/" + name;
    }
}
