import { ValidationPipe } from '@nestjs/common';
import * as classTransformer from 'class-transformer';
import * as classValidator from 'class-validator';
import { RequestError, toFieldProblems } from '@gofd/task-model';

/** Checks bodies against their DTO class; the first problem gives the code, all are listed. */
export function createRequestValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    // Without its value, a section of the wrong type would pass for one that is missing.
    validationError: { target: false, value: true },
    transformOptions: { enableImplicitConversion: false },
    exceptionFactory: toRequestError,
    // Handed over, so that a bundle holds the very copy whose decorators the DTOs used.
    validatorPackage: classValidator,
    transformerPackage: classTransformer,
  });
}

function toRequestError(errors: classValidator.ValidationError[]): RequestError {
  const problems = toFieldProblems(errors);
  const first = problems[0];
  if (!first) return new RequestError('BODY_NOT_OBJECT', 'the body must be a JSON object');
  return new RequestError(first.code, first.message, problems);
}
