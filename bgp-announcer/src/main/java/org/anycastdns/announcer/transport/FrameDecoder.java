package org.anycastdns.announcer.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.anycastdns.announcer.message.Codec;

/// Cuts a stream into messages. When a header's length cannot be, or its marker is wrong, the
/// header alone is passed on, for the codec to say what is wrong with it, and the rest of the
/// stream is dropped: nobody knows where the next message would begin.
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
