using System.Diagnostics.CodeAnalysis;

namespace Lambent.Kernel;

/// <summary>A value or an expected failure. Both convert implicitly, so a method returns either directly.</summary>
public readonly struct Result<T>
{
    private readonly T? value;
    private readonly Error? error;

    private Result(T? value, Error? error)
    {
        this.value = value;
        this.error = error;
    }

    public bool IsSuccess => error is null;

    public Error? Error => error;

    /// <summary>The value; only after <see cref="IsSuccess"/> was checked, otherwise a bug and thrown as one.</summary>
    public T Value => error is null
        ? value!
        : throw new InvalidOperationException($"The result holds a failure, not a value: {error}");

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => new(default, error);

    /// <summary>Takes the result apart: true when it failed, and then <paramref name="failure"/> is set.</summary>
    public bool Failed([MaybeNullWhen(true)] out T success, [NotNullWhen(true)] out Error? failure)
    {
        success = value;
        failure = error;
        return error is not null;
    }

    public Result<TOther> Then<TOther>(Func<T, Result<TOther>> next) => error is null ? next(value!) : error;

    public Result<TOther> Select<TOther>(Func<T, TOther> map) => error is null ? map(value!) : error;
}

/// <summary>The value of a command that only succeeds or fails.</summary>
public readonly record struct Done
{
    public static readonly Done Value;
}
