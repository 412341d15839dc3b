using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Mesh.House.Tests.Banned;

/// <summary>Writes types of a signature as documentation ids do.</summary>
internal sealed class DocumentationIds : ISignatureTypeProvider<DocumentationName, object?>
{
    public static DocumentationIds Instance { get; } = new();

    public static string OfMember(MetadataReader reader, MemberReference member)
    {
        string type = Parent(reader, member.Parent);
        string name = reader.GetString(member.Name).Replace('.', '#');
        if (member.GetKind() == MemberReferenceKind.Field)
        {
            return $"F:{type}.{name}";
        }

        if (name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal))
        {
            return $"P:{type}.{name[4..]}";
        }

        MethodSignature<DocumentationName> signature = member.DecodeMethodSignature(Instance, null);
        string arity = signature.GenericParameterCount > 0 ? $"``{signature.GenericParameterCount}" : string.Empty;
        string parameters = signature.ParameterTypes.IsEmpty ? string.Empty : $"({string.Join(',', signature.ParameterTypes.Select(static p => p.Id))})";
        return $"M:{type}.{name}{arity}{parameters}";
    }

    public static string OfType(MetadataReader reader, TypeReference type) => $"T:{Full(reader, type)}";

    public DocumentationName GetPrimitiveType(PrimitiveTypeCode typeCode) => new($"System.{typeCode}");

    public DocumentationName GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => new(Full(reader, reader.GetTypeReference(handle)));

    public DocumentationName GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        string name = reader.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? new($"{GetTypeFromDefinition(reader, outer, rawTypeKind).Id}.{name}")
            : new(Qualified(reader, type.Namespace, name));
    }

    public DocumentationName GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public DocumentationName GetGenericInstantiation(DocumentationName genericType, ImmutableArray<DocumentationName> typeArguments) =>
        new($"{genericType.Definition.Split('`')[0]}{{{string.Join(',', typeArguments.Select(static a => a.Id))}}}", genericType.Definition);

    public DocumentationName GetGenericMethodParameter(object? genericContext, int index) => new($"``{index}");

    public DocumentationName GetGenericTypeParameter(object? genericContext, int index) => new($"`{index}");

    public DocumentationName GetSZArrayType(DocumentationName elementType) => new($"{elementType.Id}[]");

    public DocumentationName GetArrayType(DocumentationName elementType, ArrayShape shape) => new($"{elementType.Id}[{new string(',', shape.Rank - 1)}]");

    public DocumentationName GetByReferenceType(DocumentationName elementType) => new($"{elementType.Id}@");

    public DocumentationName GetPointerType(DocumentationName elementType) => new($"{elementType.Id}*");

    public DocumentationName GetPinnedType(DocumentationName elementType) => elementType;

    public DocumentationName GetModifiedType(DocumentationName modifier, DocumentationName unmodifiedType, bool isRequired) => unmodifiedType;

    public DocumentationName GetFunctionPointerType(MethodSignature<DocumentationName> signature) => new("=FUNC");

    private static string Parent(MetadataReader reader, EntityHandle parent) => parent.Kind switch
    {
        HandleKind.TypeReference => Full(reader, reader.GetTypeReference((TypeReferenceHandle)parent)),
        HandleKind.TypeDefinition => Instance.GetTypeFromDefinition(reader, (TypeDefinitionHandle)parent, 0).Id,
        HandleKind.TypeSpecification => reader.GetTypeSpecification((TypeSpecificationHandle)parent).DecodeSignature(Instance, null).Definition,
        _ => string.Empty,
    };

    private static string Full(MetadataReader reader, TypeReference type)
    {
        string name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{Full(reader, reader.GetTypeReference((TypeReferenceHandle)type.ResolutionScope))}.{name}"
            : Qualified(reader, type.Namespace, name);
    }

    private static string Qualified(MetadataReader reader, StringHandle space, string name) => space.IsNil ? name : $"{reader.GetString(space)}.{name}";
}
