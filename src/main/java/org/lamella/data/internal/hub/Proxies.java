// SPDX-License-Identifier: Apache-2.0
package org.lamella.data.internal.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Java's own proxies ({@code https.proxyHost} and the system's), and where those say nothing the environment's:
 * {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY}, in capitals or small letters.
 */
final class Proxies extends ProxySelector {

    private final ProxySelector java;
    private final Map<String, String> environment;

    private Proxies(ProxySelector java, Map<String, String> environment) {
        this.java = java;
        this.environment = environment;
    }

    static Proxies of(Map<String, String> environment) {
        ProxySelector standard = ProxySelector.getDefault();
        return new Proxies(standard == null ? ProxySelector.of(null) : standard, environment);
    }

    @Override
    public List<Proxy> select(URI address) {
        List<Proxy> chosen = java.select(address);
        if (chosen.stream().anyMatch(proxy -> proxy.type() != Proxy.Type.DIRECT) || excepted(address)) {
            return chosen;
        }
        String proxy = named(address);
        return proxy.isBlank() ? chosen : List.of(new Proxy(Proxy.Type.HTTP, place(proxy)));
    }

    private String named(URI address) {
        String own = variable(address.getScheme().toUpperCase(Locale.ROOT) + "_PROXY");
        return own.isBlank() ? variable("ALL_PROXY") : own;
    }

    /** Returns name and password of the proxy that an address is asked through, in the form of a header. */
    Optional<String> nameFor(URI address) {
        String proxy = named(address).replaceFirst("^.*//", "");
        int end = proxy.lastIndexOf('@');
        if (end < 0 || select(address).stream().allMatch(each -> each.type() == Proxy.Type.DIRECT)) {
            return Optional.empty();
        }
        String name = URLDecoder.decode(proxy.substring(0, end).replace("+", "%2B"), StandardCharsets.UTF_8);
        return Optional.of(Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8)));
    }

    private boolean excepted(URI address) {
        String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
        return Arrays.stream(variable("NO_PROXY").toLowerCase(Locale.ROOT).split("[,\\s]+", -1))
                .map(each -> each.replaceFirst("^\\*?\\.", "").replaceFirst(":[0-9]+$", ""))
                .filter(each -> !each.isEmpty())
                .anyMatch(each -> each.equals("*") || host.equals(each) || host.endsWith("." + each));
    }

    private String variable(String name) {
        String capitals = environment.getOrDefault(name, "");
        return capitals.isBlank() ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "") : capitals;
    }

    // what stands before an @ is a name and a password, which must not get into a message
    private static InetSocketAddress place(String proxy) {
        URI address = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
        boolean usable = address.getHost() != null && address.getPort() > 0 && "http".equals(address.getScheme());
        if (!usable) {
            throw new IllegalArgumentException("proxy must be an address like http://proxy.example:3128; got \""
                    + proxy.replaceFirst("//[^@/]*@", "//...@") + "\"");
        }
        return InetSocketAddress.createUnresolved(address.getHost(), address.getPort());
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
        java.connectFailed(address, proxy, failure);
    }
}
