package org.anycastdns.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/// A container of one of our [Images]. {@link #close} removes it with its volumes.
final class ImageContainer extends GenericContainer<ImageContainer> {

    /// The only folder that the programs write to. It has the operator's tokens.
    private static final String RUNTIME_FOLDER = "/run/anycast-dns";

    /// Covers the start of a JVM and its warm-up on a busy machine.
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    /// @param image its name, a constant of [Images]
    ImageContainer(String image) {
        super(DockerImageName.parse(image));
        withLabel(Images.LABEL, "container");
    }

    /// Changes what the engine is told about the container's place on this host.
    ImageContainer onHost(Consumer<HostConfig> change) {
        return withCreateContainerCmdModifier(command -> change.accept(command.getHostConfig()));
    }

    /// Mounts a folder of this host, read-only.
    ImageContainer mounting(Path folder, String path) {
        return onHost(
                host -> host.withBinds(Bind.parse(folder.toAbsolutePath() + ":" + path + ":ro")));
    }

    /// Takes away what a program of ours does not need: a writable root, all capabilities, and ways
    /// to get them back.
    ImageContainer withFewestRights() {
        return withCreateContainerCmdModifier(
                        command -> command.withVolumes(new Volume(RUNTIME_FOLDER)))
                .onHost(host ->
                        host.withReadonlyRootfs(true)
                                .withCapDrop(Capability.ALL)
                                .withSecurityOpts(List.of("no-new-privileges")));
    }

    /// Lets {@link #start} return when a line of the output begins with a match.
    ImageContainer untilItPrints(String regex) {
        return waitingFor(
                Wait.forLogMessage("(.*\\n)?" + regex + ".*", 1).withStartupTimeout(START_LIMIT));
    }

    /// Returns the port of this host that leads to a port of the container. Testcontainers itself
    /// knows only TCP.
    int port(ExposedPort inside) {
        Ports.Binding[] published =
                getContainerInfo().getNetworkSettings().getPorts().getBindings().get(inside);
        return Integer.parseInt(Objects.requireNonNull(published)[0].getHostPortSpec());
    }

    /// Returns the address in the container's only network.
    String address() {
        ContainerNetwork only =
                getContainerInfo().getNetworkSettings().getNetworks().values().iterator().next();
        return Objects.requireNonNull(only.getIpAddress());
    }

    /// Returns the output of a command that succeeds in the container.
    String output(String... command) throws IOException, InterruptedException {
        ExecResult result = execInContainer(command);
        assertEquals(0, result.getExitCode(), result::toString);
        return result.getStdout().strip();
    }

    /// Kills the program, as a crash does.
    void crash() {
        getDockerClient().killContainerCmd(getContainerId()).exec();
    }

    /// Starts the program again, in the same container.
    void restart() {
        getDockerClient().startContainerCmd(getContainerId()).exec();
    }

    /// Sends SIGTERM. Fails unless the program ends by itself with exit code 0: after the time the
    /// engine would send SIGKILL, of which the exit code is 137.
    void assertStopsWithin(int seconds) {
        getDockerClient().stopContainerCmd(getContainerId()).withTimeout(seconds).exec();
        assertEquals(0, getCurrentContainerInfo().getState().getExitCodeLong(), () -> getLogs());
    }
}
