package org.anycastdns.lab;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.anycastdns.lab.topology.Topology.Primary;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// The faults that can be injected into a running PoP. Each is a command of the lab that takes the
/// PoP's name. What a name server alone can suffer, the hidden primary can, too.
enum Fault {
    KILL("Kill the responder of a PoP, or of the primary.", Lab::kill, "its responder is killed"),
    HANG(
            "Hang the responder of a PoP, or of the primary: it exists but does nothing.",
            Lab::hang,
            "its responder hangs"),
    POWEROFF(
            "Cut the power of a PoP, or of the primary: its machine falls silent at once.",
            Lab::poweroff,
            "its machine is off"),
    DRAIN("Take a PoP out of traffic without losing a query.", Lab::drain, "it drains"),
    RESUME("Bring a drained PoP back into traffic.", Lab::resume, "it is back in traffic"),
    START("Bring back what was killed, hung or switched off.", Lab::start, "it runs and announces");

    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // a method of Lab
    private final BiConsumer<Lab, String> action;

    private final String done;

    Fault(String description, BiConsumer<Lab, String> action, String done) {
        this.description = description;
        this.action = action;
        this.done = done;
    }

    /// Returns the command line of this fault.
    CommandLine command(Supplier<Lab> lab) {
        CommandLine command = new CommandLine(new Inject(this, lab));
        command.getCommandSpec()
                .name(name().toLowerCase(Locale.ROOT))
                .usageMessage()
                .description(description);
        return command;
    }

    /// Injects the fault into the named PoP.
    @Command
    private static final class Inject implements Callable<Integer> {

        private final Fault fault;
        private final Supplier<Lab> lab;

        @Parameters(paramLabel = "POP")
        private String pop = "";

        Inject(Fault fault, Supplier<Lab> lab) {
            this.fault = fault;
            this.lab = lab;
        }

        @Override
        public Integer call() {
            fault.action.accept(lab.get(), pop);
            // The primary has nothing to announce.
            boolean primary = fault == START && pop.equals(Primary.NAME);
            Console.say(pop + ": " + (primary ? "it runs" : fault.done));
            return CommandLine.ExitCode.OK;
        }
    }
}
