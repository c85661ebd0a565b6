using System.Reflection;
using System.Text;
using System.Text.Json;
using Lambent.Runtime.Dotnet.Calls;

namespace Lambent.Runtime.Dotnet.Loading;

/// <summary>How a handler's first parameter is made of the event. Called from the compiled handler.</summary>
internal static class HandlerInput
{
    public static MethodInfo ReaderOf(Type type, PackageSerializer? serializer)
    {
        if (type == typeof(Stream))
        {
            return Named(nameof(ReadStream));
        }
        if (serializer is not null)
        {
            serializer.Prepare(type);
            return Named(nameof(ReadWithPackage)).MakeGenericMethod(type);
        }
        return type == typeof(string) ? Named(nameof(ReadString))
            : type == typeof(byte[]) ? Named(nameof(ReadBytes))
            : Named(nameof(ReadJson)).MakeGenericMethod(type);
    }

    public static Stream ReadStream(Call call) => new MemoryStream(call.Event.ToArray(), writable: false);

    public static byte[] ReadBytes(Call call) => call.Event.ToArray();

    /// <summary>The value of a JSON string; anything else as its JSON text.</summary>
    public static string? ReadString(Call call)
    {
        ReadOnlySpan<byte> json = call.Event.Trim(" \t\r\n"u8);
        return json.StartsWith("\""u8) || json.SequenceEqual("null"u8)
            ? JsonSerializer.Deserialize<string>(json) : Encoding.UTF8.GetString(json);
    }

    public static T? ReadJson<T>(Call call) => JsonSerializer.Deserialize<T>(call.Event, HandlerJson.Options);

    public static T? ReadWithPackage<T>(Call call) => PackageSerializer.Of<T>.Read(ReadStream(call));

    private static MethodInfo Named(string name) => typeof(HandlerInput).GetMethod(name)!;
}
