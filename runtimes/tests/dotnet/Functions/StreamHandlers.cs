using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lambent.Sdk;

namespace Functions;

/// <summary>Handlers whose bodies are streamed. Those without Async block the thread that calls them.</summary>
public static class StreamHandlers
{
    private const int ChunkBytes = 100_000;

    public static void Http(JsonElement input, IFunctionContext context)
    {
        using Stream stream = context.StartResponse(201, new Dictionary<string, string> { ["x-a"] = "b" }, ["c=d"]);
        stream.Write("first,"u8);
        stream.Write("last"u8);
    }

    public static void Flushes(IFunctionContext context) => context.StartResponse().Flush();

    public static void WritesNothing(IFunctionContext context) => context.StartResponse(204);

    /// <summary>So many chunks, or without a number the event again.</summary>
    public static void Writes(JsonElement input, IFunctionContext context)
    {
        Stream stream = context.StartResponse();
        if (!input.TryGetProperty("chunks", out JsonElement chunks))
        {
            stream.Write(Encoding.UTF8.GetBytes(input.GetRawText()));
            return;
        }
        byte[] chunk = new byte[ChunkBytes];
        for (int number = chunks.GetInt32(); number > 0 && !context.Cancellation.IsCancellationRequested; number--)
        {
            stream.Write(chunk);
        }
    }

    public static async Task WritesAsync(JsonElement input, IFunctionContext context)
    {
        Stream stream = context.StartResponse();
        if (!input.TryGetProperty("chunks", out JsonElement chunks))
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(input.GetRawText()));
            return;
        }
        byte[] chunk = new byte[ChunkBytes];
        for (int number = chunks.GetInt32(); number > 0 && !context.Cancellation.IsCancellationRequested; number--)
        {
            await stream.WriteAsync(chunk);
        }
    }

    /// <summary>Blocks on a task that another thread ends.</summary>
    public static void WritesElsewhere(JsonElement input, IFunctionContext context) =>
        Task.Run(() => WritesAsync(input, context)).Wait();

    public static void FailsEarly(IFunctionContext context)
    {
        using Stream stream = context.StartResponse(200);
        throw new TimeoutException("early");
    }

    public static async Task FailsLateAsync(IFunctionContext context)
    {
        await using Stream stream = context.StartResponse(200);
        await stream.WriteAsync("half"u8.ToArray());
        throw new TimeoutException("late");
    }

    public static string Returns(IFunctionContext context)
    {
        context.StartResponse().Write("streamed"u8);
        return "returned";
    }

    public static void StartsTwice(IFunctionContext context)
    {
        context.StartResponse();
        context.StartResponse();
    }

    public static async Task<string> WritesTooLate(IFunctionContext context)
    {
        Stream stream = context.StartResponse();
        stream.Write("in time"u8);
        _ = Task.Run(async () =>
        {
            while (true)
            {
                try
                {
                    await stream.WriteAsync("."u8.ToArray());
                }
                catch (InvalidOperationException exception)
                {
                    Console.WriteLine(exception.Message);
                    return;
                }
            }
        });
        await Task.Yield();
        return "";
    }

    public static object Hash(JsonElement input, IFunctionContext context)
    {
        using var hash = SHA256.Create();
        byte[] digest = hash.ComputeHash(context.RequestBody!);
        return new { Sha256 = Convert.ToHexStringLower(digest) };
    }

    public static async Task<object> HashAsync(JsonElement input, IFunctionContext context)
    {
        await Task.Yield();
        using var hash = SHA256.Create();
        return new { Sha256 = Convert.ToHexStringLower(await hash.ComputeHashAsync(context.RequestBody!)) };
    }

    public static int FirstOfBody(IFunctionContext context) => context.RequestBody!.Read(new byte[1000]);

    public static bool NoBody(IFunctionContext context) => context.RequestBody is null;

    /// <summary>What comes goes back, larger than any window.</summary>
    public static void Echo(IFunctionContext context) => context.RequestBody!.CopyTo(context.StartResponse());
}
