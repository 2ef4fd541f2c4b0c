package org.anycastdns.server;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.anycastdns.server.transfer.tsig.TsigKeyFile;
import org.anycastdns.server.transfer.tsig.TsigMethod;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command `dns-server key`: works on keys of TSIG (RFC 8945).
@Command(
        name = "key",
        description = "Works on keys that clients and other servers share with this one (TSIG).",
        subcommands = KeyCommand.Generate.class)
final class KeyCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(), "the verb is missing: generate");
    }

    /// The command `dns-server key generate`: makes a key from random octets.
    @Command(
            name = "generate",
            description = {
                "Makes a random key in the form that 'secret-file' of 'keys' takes, and BIND, dig"
                        + " and nsupdate with -k.",
                "Without --file, it is printed."
            })
    static final class Generate implements Callable<Integer> {

        @Parameters(paramLabel = "NAME", description = "The name of the key: a domain name.")
        private @Nullable String name;

        @Option(
                names = "--algorithm",
                paramLabel = "ALGORITHM",
                defaultValue = "hmac-sha256",
                description = "The algorithm. Default: hmac-sha256.")
        private String algorithm = "hmac-sha256";

        @Option(
                names = "--file",
                paramLabel = "FILE",
                description =
                        "Write the key to this file, which only its owner can read. An existing"
                                + " file is never replaced.")
        private @Nullable Path file;

        @Spec private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            Name key;
            TsigMethod method;
            try {
                key = Name.of(Objects.requireNonNull(name));
                method = TsigMethod.of(algorithm);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(
                        Objects.requireNonNull(spec).commandLine(),
                        String.valueOf(e.getMessage()),
                        e);
            }
            // RFC 8945 section 8: as many octets as the MAC has.
            byte[] secret = new byte[method.algorithm().macOctets()];
            new SecureRandom().nextBytes(secret);
            String text = TsigKeyFile.text(key, method, secret);
            if (file == null) {
                System.out.print(text);
                return Main.OK;
            }
            return write(file, text);
        }

        private static int write(Path file, String text) {
            Set<StandardOpenOption> options =
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            var ownerOnly =
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"));
            try (var out =
                    Channels.newOutputStream(Files.newByteChannel(file, options, ownerOnly))) {
                out.write(text.getBytes(StandardCharsets.US_ASCII));
            } catch (FileAlreadyExistsException e) {
                System.err.printf(
                        "dns-server: %s exists and is not replaced; name another file%n", file);
                return Main.FAILED;
            } catch (IOException | UnsupportedOperationException e) {
                System.err.printf("dns-server: %s cannot be written: %s%n", file, e);
                return Main.FAILED;
            }
            System.out.printf("wrote %s%n", file);
            return Main.OK;
        }
    }
}
