package org.anycastdns.daemon.admin;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The secret of one run of a daemon that shows the operator's rights, in a file that only its user
/// and root can read.
///
/// The file is written once the daemon has the admin port, and deleted when it gives the port back.
/// So nobody else can listen on that port while the token is good.
public final class TokenFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);

    /// 256 bits, which nobody guesses.
    private static final int TOKEN_OCTETS = 32;

    private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{" + 2 * TOKEN_OCTETS + "}");

    /// The longest file that is read: a token and a line end. Anything longer is another file.
    private static final int FILE_OCTETS_MAX = 128;

    private static final String SCHEME = "Bearer ";

    private final String token;
    private final @Nullable Path path;

    private TokenFile(String token, @Nullable Path path) {
        this.token = token;
        this.path = path;
    }

    /// Makes a token and writes it to its file: the configured one, or one in the first usable
    /// folder. If there is no usable folder, a warning is logged, and nobody has the token.
    ///
    /// @param program the name of the daemon
    /// @param configured the file that the operator wants; null to choose one
    /// @throws IOException if the configured file cannot be written
    static TokenFile write(String program, int port, @Nullable Path configured) throws IOException {
        byte[] octets = new byte[TOKEN_OCTETS];
        new SecureRandom().nextBytes(octets);
        String token = HexFormat.of().formatHex(octets);
        if (configured != null) {
            write(configured, token);
            return new TokenFile(token, configured);
        }
        String name = name(program, port);
        Path written = null;
        for (Path folder : TokenPlaces.folders(System::getenv)) {
            Path file = folder.resolve(name);
            if (written == null && TokenPlaces.isUsable(folder)) {
                try {
                    write(file, token);
                    written = file;
                } catch (IOException e) {
                    LOG.warn("cannot write {}: {}", file, e.toString());
                }
            } else {
                // A file of an earlier run would be found instead of the new one.
                forget(file);
            }
        }
        if (written == null) {
            LOG.warn(
                    "no folder for the admin token: this user can write to none of {}; requests that"
                            + " change state are refused until admin-token-file names a file",
                    TokenPlaces.folders(System::getenv));
        }
        return new TokenFile(token, written);
    }

    private static void write(Path file, String token) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
        forget(fresh);
        try (SeekableByteChannel channel =
                Files.newByteChannel(
                        fresh,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            channel.write(StandardCharsets.US_ASCII.encode(token + "\n"));
        }
        var _ =
                Files.move(
                        fresh,
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
    }

    private static void forget(Path file) {
        try {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(file);
            }
        } catch (IOException e) {
            LOG.debug("cannot delete {}: {}", file, e.toString());
        }
    }

    private static String name(String program, int port) {
        return program + "-" + port + ".token";
    }

    /// Returns where the token is; empty if there was no folder for it.
    public Optional<Path> path() {
        return Optional.ofNullable(path);
    }

    /// Returns whether the value of an Authorization header holds the token. Takes the same time
    /// for each wrong token.
    boolean isGood(@Nullable String authorization) {
        return authorization != null
                && authorization.startsWith(SCHEME)
                && MessageDigest.isEqual(
                        token.getBytes(StandardCharsets.US_ASCII),
                        authorization
                                .substring(SCHEME.length())
                                .strip()
                                .getBytes(StandardCharsets.US_ASCII));
    }

    /// Deletes the file, unless another run has replaced it.
    @Override
    public void close() {
        if (path != null && token.equals(read(path).orElse(""))) {
            forget(path);
        }
    }

    /// Returns the value of the Authorization header for a daemon on this host, if its token is in
    /// one of the folders and this user may read it. Nothing is returned for another host, which
    /// must not learn a token.
    ///
    /// @param program the name of the daemon
    public static Optional<String> header(String program, InetSocketAddress address) {
        if (!isHere(address.getAddress())) {
            return Optional.empty();
        }
        String name = name(program, address.getPort());
        List<Path> folders = TokenPlaces.folders(System::getenv);
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(file -> isTrusted(file) && belongsToListener(file, address))
                .flatMap(file -> read(file).stream())
                .findFirst()
                .map(token -> SCHEME + token);
    }

    /// Returns the value of the Authorization header from a file that the operator has named.
    ///
    /// @throws IOException if there is no token in it; the message says why
    public static String header(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(
                    file
                            + " cannot be read: it must be the token file of the running program, and"
                            + " this user must be allowed to read it");
        }
        return read(file)
                .map(token -> SCHEME + token)
                .orElseThrow(() -> new IOException(file + " holds no token"));
    }

    /// Returns whether a file is one that a daemon of this user or of root has written. Root also
    /// takes those of other users.
    private static boolean isTrusted(Path file) {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            User owner = User.owner(file);
            return owner.isRoot() || owner.equals(User.own()) || User.own().isRoot();
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /// Returns whether the token may be shown to the process that listens: not if it is known to be
    /// another user's than the file.
    private static boolean belongsToListener(Path file, InetSocketAddress address) {
        try {
            Optional<User> listener = PortOwner.of(address);
            return listener.isEmpty()
                    || listener.get().isRoot()
                    || listener.get().equals(User.owner(file));
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<String> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(FILE_OCTETS_MAX);
            String text = new String(octets, StandardCharsets.US_ASCII).strip();
            return TOKEN.matcher(text).matches() ? Optional.of(text) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isHere(@Nullable InetAddress address) {
        try {
            return address != null
                    && (address.isLoopbackAddress()
                            || address.isAnyLocalAddress()
                            || NetworkInterface.getByInetAddress(address) != null);
        } catch (java.net.SocketException e) {
            return false;
        }
    }
}
