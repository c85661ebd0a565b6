using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Lambent.Runtime.Dotnet.Logs;
using Lambent.Runtime.Dotnet.Streaming;

namespace Lambent.Runtime.Dotnet.Calls;

#pragma warning disable CA1852 // DispatchProxy derives from the proxy's class at run time.

/// <summary>
/// Implements the context interface that the handler declares, whichever copy of it the package brought: AWS's
/// ILambdaContext or Lambent.Sdk's IFunctionContext. Members are told apart by name; what a newer interface has
/// beyond them is null, zero or false.
/// </summary>
internal class ContextProxy : DispatchProxy
{
    private Call call = null!;

    /// <summary>The context of a call as the interface a handler asks for; called from the compiled handler.</summary>
    public static T Create<T>(Call call)
        where T : class
    {
        T context = Create<T, ContextProxy>();
        ((ContextProxy)(object)context).call = call;
        return context;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Specialization settings = call.Environment.Specialization;
        return targetMethod!.Name switch
        {
            "get_AwsRequestId" or "get_RequestId" => call.RequestId,
            "get_FunctionName" => settings.FunctionName,
            "get_FunctionVersion" => settings.FunctionVersion,
            "get_InvokedFunctionArn" => call.InvokedFunctionArn,
            "get_MemoryLimitInMB" or "get_MemoryMegabytes" => settings.MemoryMegabytes,
            "get_RemainingTime" => Remaining(),
            "get_LogGroupName" or "get_LogGroup" => settings.LogGroup,
            "get_LogStreamName" or "get_LogStream" => settings.LogStream,
            "get_TraceId" or "get_TraceHeader" => call.TraceHeader.Length == 0 ? null : call.TraceHeader,
            "get_RequestBody" => Body(),
            "StartResponse" => Start(args ?? []),
            "get_Cancellation" => call.Cancellation,
            "get_Logger" => MemberProxy.Create(targetMethod.ReturnType, (method, values) =>
            {
                Write(method, values);
                return null;
            }),
            "get_Identity" => MemberProxy.Create(targetMethod.ReturnType, static (_, _) => null),
            "get_ClientContext" => targetMethod.ReturnType == typeof(string)
                ? call.ClientContext.Length == 0 ? null : call.ClientContext
                : ClientContextMembers.Create(targetMethod.ReturnType, call.ClientContext),
            "Log" => WriteLine(args),
            _ => DefaultOf(targetMethod.ReturnType),
        };
    }

    public static object? DefaultOf(Type type) =>
        type.IsValueType && type != typeof(void) ? Activator.CreateInstance(type) : null;

    private TimeSpan Remaining()
    {
        TimeSpan remaining = call.Deadline - TimeProvider.System.GetUtcNow();
        return remaining < TimeSpan.Zero ? TimeSpan.Zero : remaining;
    }

    private RequestBody? Body()
    {
        if (call.Body is not null)
        {
            call.Environment.LetAnotherThreadRead(call);
        }
        return call.Body;
    }

    /// <summary>What the response begins with is told apart by type, in whatever order an interface has it.</summary>
    private ResponseStream Start(object?[] values) => call.StartResponse(ResponseStream.Prelude(
        values.OfType<int>().Cast<int?>().FirstOrDefault(),
        values.OfType<IEnumerable<KeyValuePair<string, string>>>().FirstOrDefault(),
        values.OfType<IEnumerable<string>>().FirstOrDefault()));

    private object? WriteLine(object?[]? values)
    {
        call.Environment.Log.WriteLine(LogLevel.Information, values?[0]?.ToString() ?? "", call);
        return null;
    }

    /// <summary>
    /// A method of ILambdaLogger: Log writes text as it is, LogLine a line, and LogInformation and its like a line
    /// with their level, made of exception, template and arguments in the order of the interface.
    /// </summary>
    private void Write(MethodInfo method, object?[]? values)
    {
        object?[] given = values ?? [];
        LogSink log = call.Environment.Log;
        int next = 0;
        LogLevel level;
        if (method.Name == "Log" && given.Length > 1)
        {
            level = LogLevels.Parse(given[next++]?.ToString(), LogLevel.Information);
        }
        else if (method.Name == "Log")
        {
            log.Write(0, given.ElementAtOrDefault(0) as string ?? "", call);
            return;
        }
        else
        {
            level = LogLevels.Parse(method.Name["Log".Length..], LogLevel.Information);
        }
        var exception = given.ElementAtOrDefault(next) as Exception;
        if (exception is not null)
        {
            next++;
        }
        string template = given.ElementAtOrDefault(next++)?.ToString() ?? "";
        string message = given.ElementAtOrDefault(next) is object?[] arguments
            ? MessageTemplate.Format(template, arguments) : template;
        log.WriteLine(level, message, call, exception);
    }
}

/// <summary>Implements a small interface with one function.</summary>
internal class MemberProxy : DispatchProxy
{
    private Func<MethodInfo, object?[]?, object?> answer = null!;

    public static object Create(Type type, Func<MethodInfo, object?[]?, object?> answer)
    {
        object proxy = Create(type, typeof(MemberProxy));
        ((MemberProxy)proxy).answer = answer;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        answer(targetMethod!, args) ?? ContextProxy.DefaultOf(targetMethod!.ReturnType);
}

/// <summary>IClientContext of what a mobile client sent.</summary>
internal static class ClientContextMembers
{
    private static readonly ConcurrentDictionary<string, string> Members = new()
    {
        ["get_Environment"] = "env",
        ["get_Custom"] = "custom",
        ["get_AppPackageName"] = "app_package_name",
        ["get_AppTitle"] = "app_title",
        ["get_AppVersionCode"] = "app_version_code",
        ["get_AppVersionName"] = "app_version_name",
        ["get_InstallationId"] = "installation_id",
    };

    /// <summary>Null when there is none or it is no JSON object.</summary>
    public static object? Create(Type type, string json)
    {
        if (json.Length == 0)
        {
            return null;
        }
        try
        {
            JsonElement root = JsonElement.Parse(json);
            return root.ValueKind == JsonValueKind.Object
                ? MemberProxy.Create(type, (method, _) => Member(root, method)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static object? Member(JsonElement owner, MethodInfo method)
    {
        if (method.Name == "get_Client")
        {
            return owner.TryGetProperty("client", out JsonElement client) && client.ValueKind == JsonValueKind.Object
                ? MemberProxy.Create(method.ReturnType, (inner, _) => Member(client, inner)) : null;
        }
        if (!Members.TryGetValue(method.Name, out string? name) || !owner.TryGetProperty(name, out JsonElement value))
        {
            return null;
        }
        return value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.ToString())
            : value.ToString();
    }
}
