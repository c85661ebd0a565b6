using System.Reflection;
using Lambent.Runtime.Dotnet.Calls;

namespace Lambent.Runtime.Dotnet.Loading;

/// <summary>
/// The serializer that a package written for AWS names with [LambdaSerializer] on the method or the assembly. Its
/// methods are bound once per type.
/// </summary>
internal sealed class PackageSerializer
{
    private const string Attribute = "Amazon.Lambda.Core.LambdaSerializerAttribute";
    private const string Interface = "Amazon.Lambda.Core.ILambdaSerializer";

    private readonly object serializer;
    private readonly MethodInfo read;
    private readonly MethodInfo write;

    private PackageSerializer(object serializer, Type contract)
    {
        this.serializer = serializer;
        read = contract.GetMethod("Deserialize")!;
        write = contract.GetMethod("Serialize")!;
    }

    /// <summary>Null when neither the method nor its assembly names one.</summary>
    public static PackageSerializer? Find(MethodInfo method)
    {
        Attribute? attribute = method.GetCustomAttributes().FirstOrDefault(IsSerializerAttribute)
            ?? method.DeclaringType!.Assembly.GetCustomAttributes().FirstOrDefault(IsSerializerAttribute);
        if (attribute is null)
        {
            return null;
        }
        var type = attribute.GetType().GetProperty("SerializerType")?.GetValue(attribute) as Type
            ?? throw new RuntimeError(RuntimeError.Validation,
                $"The 'SerializerType' property on attribute class '{attribute.GetType()}' is not set.");
        Type contract = type.GetInterface(Interface) ?? throw new RuntimeError(RuntimeError.Validation,
            $"The '{type}' class is invalid: it does not implement the 'ILambdaSerializer' interface.");
        if (type.GetConstructor(Type.EmptyTypes) is null)
        {
            throw new RuntimeError(RuntimeError.Validation,
                $"The indicated serializer '{type}' does not define a public zero-parameter constructor.");
        }
        return new PackageSerializer(Activator.CreateInstance(type)!, contract);
    }

    /// <summary>Binds the serializer's methods for values of a type.</summary>
    public void Prepare(Type type) =>
        typeof(PackageSerializer).GetMethod(nameof(Bind), BindingFlags.NonPublic | BindingFlags.Instance)!
            .MakeGenericMethod(type).Invoke(this, null);

    private static bool IsSerializerAttribute(Attribute attribute) => attribute.GetType().FullName == Attribute;

    private void Bind<T>()
    {
        Of<T>.Read = read.MakeGenericMethod(typeof(T)).CreateDelegate<Func<Stream, T>>(serializer);
        Of<T>.Write = write.MakeGenericMethod(typeof(T)).CreateDelegate<Action<T, Stream>>(serializer);
        Of<T>.IsUsed = true;
    }

    /// <summary>The bound methods; a process runs one function, so they need no owner.</summary>
    public static class Of<T>
    {
        public static bool IsUsed { get; set; }

        public static Func<Stream, T> Read { get; set; } = null!;

        public static Action<T, Stream> Write { get; set; } = null!;
    }
}
