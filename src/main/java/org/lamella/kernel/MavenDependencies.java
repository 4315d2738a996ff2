// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.maven.model.Model;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;
import org.codehaus.plexus.util.xml.pull.XmlPullParserException;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositoryException;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.DependencyFilter;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.WorkspaceReader;
import org.eclipse.aether.repository.WorkspaceRepository;
import org.eclipse.aether.resolution.ArtifactDescriptorRequest;
import org.eclipse.aether.resolution.ArtifactDescriptorResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.util.filter.DependencyFilterUtils;
import org.jspecify.annotations.Nullable;

/** Finds jars by Maven coordinates, as Maven itself does: with the person's settings, mirrors and local repository. */
final class MavenDependencies {

    private final Map<String, String> repositories;

    /**
     * Prepares to look.
     *
     * @param repositories addresses by id, beside those of Maven's settings
     */
    MavenDependencies(Map<String, String> repositories) {
        this.repositories = new LinkedHashMap<>(repositories);
    }

    /**
     * Returns the jars of coordinates and of all they need at run time.
     *
     * @param coordinates {@code group:artifact[:extension[:classifier]]:version}
     */
    List<Path> of(List<String> coordinates) {
        CollectRequest wanted = new CollectRequest();
        for (String text : coordinates) {
            wanted.addDependency(new Dependency(new DefaultArtifact(text), "runtime"));
        }
        return resolve(wanted, null, List.of());
    }

    /**
     * Returns the jars that a POM depends on.
     *
     * @param pom the file
     * @param scopes which dependencies count; empty for those at run time
     */
    List<Path> ofPom(Path pom, List<String> scopes) {
        return resolve(new CollectRequest(), pom, scopes);
    }

    private List<Path> resolve(CollectRequest wanted, @Nullable Path pom, List<String> scopes) {
        ContextOverrides overrides =
                ContextOverrides.create().withUserSettings(true).build();
        try (Context maven = Runtimes.INSTANCE.getRuntime().create(overrides)) {
            DefaultRepositorySystemSession session =
                    new DefaultRepositorySystemSession(maven.repositorySystemSession());
            List<RemoteRepository> remotes = new ArrayList<>(maven.remoteRepositories());
            List<RemoteRepository> own = new ArrayList<>();
            repositories.forEach((id, url) -> own.add(new RemoteRepository.Builder(id, "default", url).build()));
            remotes.addAll(maven.repositorySystem().newResolutionRepositories(session, own));
            wanted.setRepositories(remotes);
            if (pom != null) {
                describe(maven, session, wanted, pom);
            }
            DependencyFilter filter = scopes.isEmpty()
                    ? DependencyFilterUtils.classpathFilter("runtime")
                    : DependencyFilterUtils.classpathFilter(scopes);
            return maven
                    .repositorySystem()
                    .resolveDependencies(session, new DependencyRequest(wanted, filter))
                    .getArtifactResults()
                    .stream()
                    .map(found -> found.getArtifact().getFile().toPath())
                    .filter(file -> file.toString().endsWith(".jar"))
                    .distinct()
                    .collect(Collectors.toList());
        } catch (RepositoryException problem) {
            throw new IllegalArgumentException(problem.getMessage()); // the causes say the same again
        }
    }

    /** Lets Maven read the POM with its parents, properties and imported versions, as if it came from a repository. */
    private static void describe(Context maven, DefaultRepositorySystemSession session, CollectRequest wanted, Path pom)
            throws RepositoryException {
        Artifact artifact = artifact(pom);
        session.setWorkspaceReader(new OnePom(artifact, pom));
        ArtifactDescriptorResult described = maven.repositorySystem()
                .readArtifactDescriptor(session, new ArtifactDescriptorRequest(artifact, wanted.getRepositories(), ""));
        wanted.setDependencies(described.getDependencies());
        wanted.setManagedDependencies(described.getManagedDependencies());
        List<RemoteRepository> repositories = new ArrayList<>(wanted.getRepositories());
        repositories.addAll(maven.repositorySystem().newResolutionRepositories(session, described.getRepositories()));
        wanted.setRepositories(repositories);
    }

    private static Artifact artifact(Path pom) {
        try (Reader reader = Files.newBufferedReader(pom)) {
            Model model = new MavenXpp3Reader().read(reader);
            boolean child = model.getParent() != null;
            String group =
                    child && model.getGroupId() == null ? model.getParent().getGroupId() : model.getGroupId();
            String version =
                    child && model.getVersion() == null ? model.getParent().getVersion() : model.getVersion();
            return new DefaultArtifact(group, model.getArtifactId(), "pom", version);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(pom + " cannot be read", unreadable);
        } catch (XmlPullParserException broken) {
            throw new IllegalArgumentException(pom + " must be a POM; got " + broken.getMessage(), broken);
        }
    }

    /** A workspace with one file. */
    private record OnePom(Artifact artifact, Path pom) implements WorkspaceReader {

        @Override
        public WorkspaceRepository getRepository() {
            return new WorkspaceRepository("cell");
        }

        @Override
        public @Nullable File findArtifact(Artifact wanted) {
            boolean same = wanted.getGroupId().equals(artifact.getGroupId())
                    && wanted.getArtifactId().equals(artifact.getArtifactId())
                    && wanted.getVersion().equals(artifact.getVersion());
            return same && wanted.getExtension().equals("pom") ? pom.toFile() : null;
        }

        @Override
        public List<String> findVersions(Artifact wanted) {
            return List.of();
        }
    }
}
