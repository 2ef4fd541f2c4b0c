package org.anycastdns.announcer.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.anycastdns.announcer.message.Codec;

/// Splits a stream into messages. If a header has an impossible length or a wrong marker, only the
/// header is passed on, so that the codec can report the error. The rest of the stream is dropped,
/// because the start of the next message is unknown.
final class FrameDecoder extends ByteToMessageDecoder {

    private boolean lost;

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (lost) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (in.readableBytes() < Codec.HEADER_OCTETS) {
            return;
        }
        int start = in.readerIndex();
        int length = in.getUnsignedShort(start + Codec.LENGTH_AT);
        lost =
                in.getLong(start) != -1
                        || in.getLong(start + Long.BYTES) != -1
                        || length < Codec.HEADER_OCTETS
                        || length > Codec.MESSAGE_OCTETS_MAX;
        if (lost || in.readableBytes() >= length) {
            byte[] frame = new byte[lost ? Codec.HEADER_OCTETS : length];
            in.readBytes(frame);
            out.add(frame);
        }
    }
}
