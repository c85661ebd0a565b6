using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Lambent.Cli.Sources;

/// <summary>Finds handlers in a compiled assembly by its metadata; nothing of it is loaded or run.</summary>
internal static class AssemblyHandlers
{
    /// <summary>Method names that say "handler", best first.</summary>
    private static readonly string[] MethodNames = ["FunctionHandler", "HandleAsync", "Handle", "Handler"];

    /// <summary>
    /// Handlers as Assembly::Namespace.Class::Method, best first: of a class named Function or ending in Function or
    /// Handler, public, not abstract, not generic. Empty when there is none.
    /// </summary>
    /// <exception cref="BadImageFormatException">The file is not a .NET assembly.</exception>
    public static IReadOnlyList<string> Find(Stream assembly)
    {
        using var image = new PEReader(assembly, PEStreamOptions.PrefetchEntireImage);
        if (!image.HasMetadata)
        {
            throw new BadImageFormatException("There is no .NET metadata in the file.");
        }

        var metadata = image.GetMetadataReader();
        var assemblyName = metadata.GetString(metadata.GetAssemblyDefinition().Name);
        return [.. metadata.TypeDefinitions
            .Select(metadata.GetTypeDefinition)
            .Where(type => IsHandlerClass(metadata, type))
            .SelectMany(type => HandlersOf(metadata, type), (type, method) => (type, method))
            .OrderBy(found => Array.IndexOf(MethodNames, found.method))
            .Select(found => $"{assemblyName}::{FullName(metadata, found.type)}::{found.method}")];
    }

    private static bool IsHandlerClass(MetadataReader metadata, TypeDefinition type)
    {
        var name = metadata.GetString(type.Name);
        // A static class is abstract and sealed; only an abstract one that waits for heirs is no handler.
        var isStatic = (type.Attributes & (TypeAttributes.Abstract | TypeAttributes.Sealed))
            == (TypeAttributes.Abstract | TypeAttributes.Sealed);
        return (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public
            && (type.Attributes & TypeAttributes.Interface) == 0
            && (isStatic || (type.Attributes & TypeAttributes.Abstract) == 0)
            && type.GetGenericParameters().Count == 0
            && (name.EndsWith("Function", StringComparison.Ordinal)
                || name.EndsWith("Functions", StringComparison.Ordinal)
                || name.EndsWith("Handler", StringComparison.Ordinal));
    }

    private static IEnumerable<string> HandlersOf(MetadataReader metadata, TypeDefinition type) =>
        type.GetMethods()
            .Select(metadata.GetMethodDefinition)
            .Where(method => (method.Attributes & MethodAttributes.MemberAccessMask) == MethodAttributes.Public
                && method.GetGenericParameters().Count == 0)
            .Select(method => metadata.GetString(method.Name))
            .Where(MethodNames.Contains)
            .Distinct(StringComparer.Ordinal);

    private static string FullName(MetadataReader metadata, TypeDefinition type)
    {
        var space = metadata.GetString(type.Namespace);
        var name = metadata.GetString(type.Name);
        return space.Length == 0 ? name : $"{space}.{name}";
    }
}
