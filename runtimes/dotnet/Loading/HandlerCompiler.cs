using System.Reflection;
using System.Reflection.Emit;
using Lambent.Runtime.Dotnet.Calls;

namespace Lambent.Runtime.Dotnet.Loading;

/// <summary>
/// Makes a delegate that reads the event, calls the handler and writes its result, so that a call costs no reflection.
/// It is emitted rather than built as an expression tree: a dozen instructions, without loading the expression
/// compiler, which would cost more than the rest of a cold start's work here.
/// </summary>
internal static class HandlerCompiler
{
    private const string AwsContext = "Amazon.Lambda.Core.ILambdaContext";
    private const string OwnContext = "Lambent.Sdk.IFunctionContext";

    /// <param name="method">The handler.</param>
    /// <param name="target">Its instance, or null for a static method.</param>
    /// <param name="serializer">The package's own serializer, or null for System.Text.Json's web defaults.</param>
    /// <exception cref="RuntimeError">The method's parameters are not a handler's.</exception>
    public static Func<Call, Task> Compile(MethodInfo method, object? target, PackageSerializer? serializer)
    {
        // The name is what a stack trace shows of it; ErrorObject leaves the shim's frames out by their name.
        var compiled = new DynamicMethod("Lambent.Runtime.Dotnet.Handler", typeof(Task), [typeof(object), typeof(Call)],
            typeof(HandlerCompiler).Module, skipVisibility: true);
        ILGenerator code = compiled.GetILGenerator();
        if (!method.IsStatic)
        {
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(method.DeclaringType!.IsValueType ? OpCodes.Unbox : OpCodes.Castclass, method.DeclaringType);
        }
        foreach (MethodInfo reader in Readers(method, serializer))
        {
            code.Emit(OpCodes.Ldarg_1);
            code.Emit(OpCodes.Call, reader);
        }
        code.Emit(method.IsStatic || method.DeclaringType!.IsValueType ? OpCodes.Call : OpCodes.Callvirt, method);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Call, Writer(method.ReturnType, serializer));
        code.Emit(OpCodes.Ret);
        return compiled.CreateDelegate<Func<Call, Task>>(target);
    }

    /// <summary>For each parameter, the method that makes its value of a call.</summary>
    private static List<MethodInfo> Readers(MethodInfo method, PackageSerializer? serializer)
    {
        ParameterInfo[] parameters = method.GetParameters();
        if (parameters.Length > 2)
        {
            throw new RuntimeError(RuntimeError.Validation, $"Method '{method.Name}' of type '{method.DeclaringType}' "
                + "is not supported: the method has more than 2 parameters.");
        }
        if (parameters.Length == 2 && !IsContext(parameters[1].ParameterType))
        {
            throw new RuntimeError(RuntimeError.Validation, $"Method '{method.Name}' of type '{method.DeclaringType}' "
                + "is not supported: the method has 2 parameters, but the second parameter is not of type "
                + $"'{AwsContext}' or '{OwnContext}'.");
        }
        return parameters.Select(parameter => parameter.ParameterType).Select(type => IsContext(type)
            ? typeof(ContextProxy).GetMethod(nameof(ContextProxy.Create), [typeof(Call)])!.MakeGenericMethod(type)
            : HandlerInput.ReaderOf(type, serializer)).ToList();
    }

    private static bool IsContext(Type type) => type.IsInterface && type.FullName is AwsContext or OwnContext;

    /// <summary>The method that takes what the handler returned and, in its time, answers the call.</summary>
    private static MethodInfo Writer(Type type, PackageSerializer? serializer)
    {
        if (type == typeof(void))
        {
            return Named(nameof(HandlerResult.Nothing));
        }
        if (type == typeof(Task))
        {
            return Named(nameof(HandlerResult.TaskOfNothing));
        }
        if (type == typeof(ValueTask))
        {
            return Named(nameof(HandlerResult.ValueTaskOfNothing));
        }
        Type? generic = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        if (generic == typeof(Task<>) || generic == typeof(ValueTask<>))
        {
            Type value = type.GetGenericArguments()[0];
            serializer?.Prepare(value);
            return Named(generic == typeof(Task<>) ? nameof(HandlerResult.TaskOf) : nameof(HandlerResult.ValueTaskOf))
                .MakeGenericMethod(value);
        }
        serializer?.Prepare(type);
        return Named(nameof(HandlerResult.Value)).MakeGenericMethod(type);
    }

    private static MethodInfo Named(string name) => typeof(HandlerResult).GetMethod(name)!;
}
