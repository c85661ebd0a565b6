using System.Reflection;
using System.Runtime.CompilerServices;
using Lambent.Runtime.Dotnet.Calls;

namespace Lambent.Runtime.Dotnet.Loading;

/// <summary>
/// Finds the method that the handler setting names and makes it callable, with AWS's words for what can be wrong.
/// </summary>
internal static class HandlerLoader
{
    private const BindingFlags AnyMethod = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    /// <summary>Loads "Assembly::Namespace.Type::Method".</summary>
    /// <exception cref="RuntimeError">The handler cannot be used.</exception>
    public static Func<Call, Task> Load(string taskRoot, string handler)
    {
        (string assemblyName, string typeName, string methodName) = Split(taskRoot, handler);
        Assembly assembly = LoadAssembly(taskRoot, assemblyName);
        Type type = assembly.GetType(typeName) ?? throw Invalid(
            $"Unable to load type '{typeName}' from assembly '{assemblyName}'.");
        MethodInfo method = FindMethod(type, methodName, assemblyName);
        Validate(type, method);
        object? target = method.IsStatic ? null : CreateTarget(type);
        return HandlerCompiler.Compile(method, target, PackageSerializer.Find(method));
    }

    private static RuntimeError Invalid(string message, Exception? cause = null) =>
        new(RuntimeError.Validation, message, cause);

    private static (string Assembly, string Type, string Method) Split(string taskRoot, string handler)
    {
        const string format = "The valid format is 'ASSEMBLY::TYPE::METHOD'.";
        if (string.IsNullOrWhiteSpace(handler))
        {
            throw Invalid($"Empty lambda function handler. {format}");
        }
        string[] parts = handler.Split("::");
        if (parts.Length == 1 && File.Exists(Path.Combine(taskRoot, handler + ".dll")))
        {
            throw Invalid($"The handler '{handler}' names an assembly to be run as a program. Programs need the "
                + $"provided.al2023 runtime with a bootstrap file; this runtime calls a method. {format}");
        }
        if (parts.Length != 3)
        {
            throw Invalid($"Invalid lambda function handler: '{handler}'. {format}");
        }
        string missing = parts[0].Trim().Length == 0 ? "assembly" : parts[1].Trim().Length == 0 ? "type"
            : parts[2].Trim().Length == 0 ? "method" : "";
        if (missing.Length > 0)
        {
            throw Invalid($"Invalid lambda function handler: '{handler}', the {missing} is missing. {format}");
        }
        return (parts[0].Trim(), parts[1].Trim(), parts[2].Trim());
    }

    private static Assembly LoadAssembly(string taskRoot, string assemblyName)
    {
        string file = Path.Combine(taskRoot, assemblyName + ".dll");
        if (!File.Exists(file))
        {
            throw Invalid($"Could not find the specified handler assembly with the file name '{assemblyName}.dll'. "
                + "The assembly should be located in the root of your uploaded .zip file.");
        }
        try
        {
            return new PackageLoadContext(taskRoot, file).LoadFromAssemblyPath(file);
        }
        catch (Exception exception) when (exception is BadImageFormatException or IOException)
        {
            throw Invalid($"Unable to load assembly '{assemblyName}'.", exception);
        }
    }

    private static MethodInfo FindMethod(Type type, string methodName, string assemblyName)
    {
        MethodInfo[] named = type.GetMethods(AnyMethod).Where(method => method.Name == methodName).ToArray();
        if (named.Count(method => method.IsPublic) is 1)
        {
            named = named.Where(method => method.IsPublic).ToArray();
        }
        return named.Length switch
        {
            1 => named[0],
            0 => throw Invalid($"Unable to find method '{methodName}' in type '{type.FullName}' from assembly "
                + $"'{assemblyName}': Found no methods matching method name '{methodName}'."),
            _ => throw Invalid($"The method '{methodName}' in type '{type.FullName}' appears to have a number of "
                + "overloads. To call this method please specify a complete method signature. Possible candidates "
                + $"are:\n{string.Join('\n', named.Select(method => method.ToString()))}."),
        };
    }

    private static void Validate(Type type, MethodInfo method)
    {
        string? problem = type.IsGenericType
            ? $"The type '{type}' cannot be used as a Lambda Handler type because it is generic. Handler methods "
                + "cannot be located in generic types. Please specify a handler method in a non-generic type."
            : type.IsAbstract && !method.IsStatic
            ? $"The instance method '{method.Name}' cannot be used as a Lambda Handler because its type '{type}' is "
                + "abstract. Please either use a static handler or specify a type that is not abstract."
            : method.IsGenericMethod
            ? $"The method '{method.Name}' cannot be used as a Lambda Handler because it is a generic method. Handler "
                + "methods cannot be generic. Please specify a non-generic handler method."
            : method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute))
            ? $"The method '{method.Name}' cannot be used as a Lambda Handler because it is an 'async void' method. "
                + "Handler methods cannot be 'async void'. Please specify a method that is not 'async void'."
            : null;
        if (problem is not null)
        {
            throw Invalid(problem);
        }
    }

    /// <summary>One instance serves all calls of the environment.</summary>
    private static object CreateTarget(Type type)
    {
        try
        {
            return Activator.CreateInstance(type, nonPublic: true)!;
        }
        catch (MissingMethodException exception)
        {
            throw Invalid($"The type '{type}' has no constructor without parameters, so no instance of it can be made.",
                exception);
        }
    }
}
