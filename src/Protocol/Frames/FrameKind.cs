namespace Lambent.Protocol.Frames;

/// <summary>
/// The kinds of frame between host and environment; docs/reference/frame-protocol.md is the specification. Values
/// below 0x80 travel from the host to the environment, the others back.
/// </summary>
public enum FrameKind : byte
{
    Specialize = 0x01,
    Invoke = 0x02,
    Cancel = 0x03,
    Shutdown = 0x04,
    Window = 0x05,
    BodyChunk = 0x06,
    BodyEnd = 0x07,

    Hello = 0x81,
    Ready = 0x82,
    InitError = 0x83,
    Response = 0x84,
    Error = 0x85,
    StreamStart = 0x86,
    StreamChunk = 0x87,
    StreamEnd = 0x88,
    Log = 0x89,
    Span = 0x8A,
    BodyWindow = 0x8B,
    LogDropped = 0x8C,
}
