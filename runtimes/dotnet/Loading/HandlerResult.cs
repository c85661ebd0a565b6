using System.Buffers;
using System.Text.Json;
using Lambent.Runtime.Dotnet.Calls;

namespace Lambent.Runtime.Dotnet.Loading;

/// <summary>
/// How what a handler returned becomes the call's answer. Each method completes when the call was answered, and faults
/// with the handler's exception. Called from the compiled handler.
/// </summary>
internal static class HandlerResult
{
    [ThreadStatic]
    private static ResultBuffer? buffer;

    public static Task Nothing(Call call)
    {
        call.Answer("null"u8);
        return Task.CompletedTask;
    }

    public static Task Value<T>(T value, Call call)
    {
        Answer(value, call);
        return Task.CompletedTask;
    }

    public static Task TaskOfNothing(Task task, Call call) =>
        task.IsCompletedSuccessfully ? Nothing(call) : AwaitNothingAsync(task, call);

    public static Task ValueTaskOfNothing(ValueTask task, Call call) => TaskOfNothing(task.AsTask(), call);

#pragma warning disable VSTHRD103 // The task is complete, so its result does not block.
    public static Task TaskOf<T>(Task<T> task, Call call) =>
        task.IsCompletedSuccessfully ? Value(task.Result, call) : AwaitAsync(new ValueTask<T>(task), call);

    public static Task ValueTaskOf<T>(ValueTask<T> task, Call call) =>
        task.IsCompletedSuccessfully ? Value(task.Result, call) : AwaitAsync(task, call);

#pragma warning restore VSTHRD103

    private static async Task AwaitNothingAsync(Task task, Call call)
    {
        await task.ConfigureAwait(false);
        call.Answer("null"u8);
    }

    private static async Task AwaitAsync<T>(ValueTask<T> task, Call call) =>
        Answer(await task.ConfigureAwait(false), call);

    private static void Answer<T>(T value, Call call)
    {
        switch (value)
        {
            case null:
                call.Answer("null"u8);
                return;
            case Stream stream:
                AnswerStream(stream, call);
                return;
            case byte[] bytes when !PackageSerializer.Of<T>.IsUsed:
                call.Answer(bytes);
                return;
        }
        ResultBuffer result = buffer ?? new ResultBuffer();
        buffer = null; // A converter may call back into this method; each then has its own buffer.
        result.Clear();
        if (PackageSerializer.Of<T>.IsUsed)
        {
            using var stream = new MemoryStream();
            PackageSerializer.Of<T>.Write(value, stream);
            call.Answer(stream.GetBuffer().AsSpan(0, (int)stream.Length));
        }
        else
        {
            result.Json.Reset(result);
            JsonSerializer.Serialize(result.Json, value, HandlerJson.Options);
            call.Answer(result.Written);
        }
        buffer = result;
    }

    private static void AnswerStream(Stream stream, Call call)
    {
        using (stream)
        {
            if (stream is not MemoryStream memory || !memory.TryGetBuffer(out ArraySegment<byte> bytes))
            {
                using var copy = new MemoryStream();
                if (stream.CanSeek)
                {
                    stream.Position = 0;
                }
                stream.CopyTo(copy);
                bytes = copy.GetBuffer().AsSpan(0, (int)copy.Length).ToArray();
            }
            call.Answer(bytes.Count == 0 ? "null"u8 : bytes);
        }
    }

    /// <summary>A result on its way out, with the writer for it; both are used again for the thread's next call.
    /// </summary>
    private sealed class ResultBuffer : IBufferWriter<byte>
    {
        private const int KeptBytesMax = 1024 * 1024;

        private byte[] bytes = new byte[4096];
        private int length;

        public ResultBuffer() => Json = new Utf8JsonWriter(this, HandlerJson.WriterOptions);

        public Utf8JsonWriter Json { get; }

        public ReadOnlySpan<byte> Written => bytes.AsSpan(0, length);

        public void Clear()
        {
            length = 0;
            if (bytes.Length > KeptBytesMax)
            {
                bytes = new byte[4096];
            }
        }

        public void Advance(int count) => length += count;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            int needed = length + Math.Max(sizeHint, 256);
            if (needed > bytes.Length)
            {
                Array.Resize(ref bytes, Math.Max(needed, bytes.Length * 2));
            }
            return bytes.AsMemory(length);
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
