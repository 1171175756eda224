import type { ServerResponse } from 'node:http';
import { Controller, Get, Res } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { GOFD_VERSION } from '@gofd/service-kit';
import { Describe } from './describe.decorator.ts';
import { DOCS_POLICY, renderDocsPage } from './docs-page.ts';
import { createDocument, type ControllerClass, type OpenApiDocument } from './openapi-document.ts';

/** The REST interface, described by itself: for machines and for people. */
@Controller('docs')
export class DocsController {
  #document: OpenApiDocument | undefined;

  constructor(private readonly modules: ModulesContainer) {}

  @Get('openapi.json')
  @Describe({ summary: 'This interface as an OpenAPI document' })
  json(): OpenApiDocument {
    // Made when it is asked for: most servers start and stop without anybody asking.
    this.#document ??= createDocument(this.#controllers(), GOFD_VERSION);
    return this.#document;
  }

  @Get()
  @Describe({ summary: 'This interface as a page', answerType: 'text/html' })
  page(@Res() response: ServerResponse): void {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.setHeader('Content-Security-Policy', DOCS_POLICY);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.end(renderDocsPage(this.json()));
  }

  /** Whatever modules the application has been put together from. */
  #controllers(): ControllerClass[] {
    return [...this.modules.values()].flatMap(({ controllers }) =>
      [...controllers.values()].flatMap(({ metatype }) =>
        typeof metatype === 'function' ? [metatype as ControllerClass] : [],
      ),
    );
  }
}
