package org.anycastdns.announcer.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.message.RouterId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two speakers talk to each other, each time with another seed, and [Simulation] checks after
/// every step what must always hold.
class SimulationTest {

    private static final InetAddress HOP6 = Addresses.of(Addresses.parse("2001:db8::2"));
    private static final Advertisements BOTH =
            Advertisements.of(
                    List.of(
                            Route.to(Prefix.parse("192.0.2.0/24")),
                            Route.to(Prefix.parse("2001:db8:53::/48"))));

    private static Session session(long asn, String id, int holdSeconds, long remoteAs) {
        InetAddress address = Addresses.of(Addresses.parse("198.51.100.1"));
        return new Session(
                new Local(asn, RouterId.parse(id), holdSeconds),
                new Neighbor(address, 179, remoteAs, null, List.of(HOP6)));
    }

    private static Simulation simulation(String leftId, String rightId, long seed) {
        return new Simulation(
                session(65010, leftId, 9, 65001),
                session(65001, rightId, 90, Neighbor.ANY_AS),
                BOTH,
                20,
                seed);
    }

    private static void simulate(int seeds, BiConsumer<Simulation, SplittableRandom> story) {
        for (long seed = 0; seed < seeds; seed++) {
            Simulation simulation = simulation("198.51.100.2", "198.51.100.1", seed);
            simulation.left.healthy = true;
            try {
                simulation.start(simulation.left);
                story.accept(simulation, new SplittableRandom(-seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    /// Tells a story that begins when both ends have started.
    private static void simulateStarted(int seeds, Consumer<Simulation> story) {
        simulate(
                seeds,
                (pair, _) -> {
                    pair.start(pair.right);
                    story.accept(pair);
                });
    }

    /// Tells a story that begins when both ends have had a minute to establish a session.
    private static void simulateEstablished(int seeds, Consumer<Simulation> story) {
        simulateStarted(
                seeds,
                pair -> {
                    pair.pass(60_000);
                    story.accept(pair);
                });
    }

    @Test
    void aSessionStaysUpOnKeepalives() {
        simulateStarted(
                20,
                pair -> {
                    pair.pass(600_000);
                    pair.assertAgreed("");
                    long ups = pair.left.log.stream().filter(Action.Up.class::isInstance).count();
                    assertTrue(ups <= 2, () -> ups + " times up");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.2, 198.51.100.1",
        "198.51.100.1, 198.51.100.2",
        "255.0.0.1, 1.0.0.1",
        "1.0.0.1, 255.0.0.1",
        "198.51.100.1, 198.51.100.1"
    })
    void ofTwoConnectionsAtOnceOneIsLeft(String leftId, String rightId) {
        int collisions = 0;
        for (long seed = 0; seed < 60; seed++) {
            Simulation pair = simulation(leftId, rightId, seed);
            pair.left.healthy = true;
            pair.start(pair.left);
            pair.start(pair.right);
            pair.pass(60_000);
            pair.assertAgreed("seed " + seed + ": ");
            collisions += pair.collisions;
        }
        assertTrue(collisions > 20, "connections did collide: " + collisions);
    }

    @Test
    void aSilentNetworkEndsTheSessionWithinTheHoldTime() {
        simulateEstablished(
                20,
                pair -> {
                    pair.linked = false;
                    pair.pass(9_200);
                    assertFalse(pair.left.state() instanceof State.Established);
                    assertFalse(pair.right.state() instanceof State.Established);
                    pair.linked = true;
                    pair.pass(120_000);
                    pair.assertAgreed("");
                });
    }

    @Test
    void aSecondConnectionNeverDisturbsAnEstablishedOne() {
        simulateEstablished(
                100,
                pair -> {
                    NeighborConnections before = pair.left.connections;
                    for (int i = 0; i < 20; i++) {
                        pair.strayConnection(pair.right);
                        pair.pass(100);
                    }
                    assertEquals(before.connectionId(), pair.left.connections.connectionId());
                    assertInstanceOf(State.Established.class, pair.left.state());
                });
    }

    @Test
    void aSilentConnectionOfTheNeighborDoesNotStandInTheWayOfOurOwn() {
        simulate(
                100,
                (pair, random) -> {
                    pair.pass(100); // refused: ours waits to try again
                    for (int i = 0; i < random.nextInt(1, 4); i++) {
                        pair.strayConnection(pair.right);
                        pair.pass(random.nextLong(500));
                    }
                    pair.start(pair.right); // which listens from now on, and
                    pair.right.dials = false; // never connects
                    pair.pass(10_000);
                    pair.assertAgreed("");
                });
    }

    @Test
    void aSilentConnectionOfTheNeighborIsClosedAfterHalfAMinute() {
        simulate(
                20,
                (pair, _) -> {
                    pair.pass(100);
                    pair.strayConnection(pair.right);
                    pair.pass(Session.OPEN_MILLIS - 1_000);
                    assertEquals(1, pair.left.wires());
                    long attempts =
                            pair.left.log.stream().filter(Action.Connect.class::isInstance).count();
                    assertTrue(attempts >= 3, () -> attempts + " attempts meanwhile");
                    pair.pass(2_000);
                    assertEquals(0, pair.left.wires());
                });
    }

    @Test
    void stoppingEndsASilentConnectionThatIsLeftAloneToo() {
        NeighborConnections connections =
                NeighborConnections.idle(session(65010, "198.51.100.2", 9, 65001));
        connections = connections.on(connections.connectionId(), new Event.Start()).connections();
        int silent = connections.nextConnectionId();
        connections = connections.accept(HOP6).connections();
        connections =
                connections.on(connections.connectionId(), new Event.Connected(HOP6)).connections();
        connections =
                connections
                        .on(connections.connectionId(), new Event.Expired(Timer.HOLD))
                        .connections();
        assertInstanceOf(State.Idle.class, connections.state());
        ConnectionsStep stopped =
                connections.on(connections.connectionId(), new Event.Stop("maintenance"));
        assertTrue(stopped.actions().contains(new ConnectionAction(silent, new Action.Close())));
        assertNull(stopped.connections().rival());
    }

    @Test
    void aLeaseThatRunsOutWithdrawsWhateverTheSessionDoes() {
        simulateEstablished(
                100,
                pair -> {
                    pair.left.healthy = false; // the health loop hangs: the watchdog is left
                    pair.pass(Simulation.LEASE_MILLIS + 400);
                    assertEquals(List.of(), List.copyOf(pair.right.learned));
                });
    }

    /// Row B1 of the inputs from the field.
    @Test
    void b1ARouterThatEndsEverySessionSoonSeesFewerAndFewer() {
        simulateStarted(
                20,
                pair -> {
                    long hour = pair.nowMillis + 3_600_000;
                    int sessions = 0;
                    while (pair.nowMillis < hour) {
                        pair.pass(500);
                        if (pair.left.state() instanceof State.Established) {
                            sessions++;
                            pair.pass(3_000);
                            pair.restart(pair.right);
                        }
                    }
                    int count = sessions;
                    // Eight while the delay doubles, then one every five minutes less jitter.
                    assertTrue(count >= 8 && count <= 28, () -> count + " sessions in an hour");
                });
    }

    /// Everything that can go wrong, in any order; then peace, in which all comes right again.
    @Test
    void whateverHappensItComesRightAgain() {
        simulate(
                60,
                (pair, _) -> {
                    SplittableRandom random =
                            new SplittableRandom(pair.nowMillis + pair.hashCode());
                    pair.start(pair.right);
                    for (int i = 0; i < 60; i++) {
                        trouble(pair, random);
                        pair.pass(random.nextLong(random.nextBoolean() ? 200 : 5_000));
                    }
                    pair.linked = true;
                    pair.left.healthy = true;
                    pair.pass(600_000);
                    pair.assertAgreed("");
                });
    }

    private static void trouble(Simulation pair, SplittableRandom random) {
        Simulation.End one = random.nextBoolean() ? pair.left : pair.right;
        switch (random.nextInt(8)) {
            case 0 -> pair.breakConnections();
            case 1 -> pair.restart(one);
            case 2 -> pair.linked = false;
            case 3, 4 -> pair.linked = true;
            case 5, 6 -> pair.strayConnection(one);
            default -> pair.left.healthy = !pair.left.healthy;
        }
    }
}
